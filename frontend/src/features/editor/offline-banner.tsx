import { useEffect, useState } from 'react';
import { useEditor } from './editor-context';
import styles from './offline-banner.module.css';

const PATIENCE_MS = 10_000;

/** After ten seconds without the server: say so, and that nothing is lost. */
export function OfflineBanner() {
  const save = useEditor((state) => state.save);
  const since = save.kind === 'retrying' ? save.since : null;
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (since === null) return;
    const timer = setTimeout(() => setLate(true), Math.max(0, since + PATIENCE_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [since]);
  if (!late) return null;
  return (
    <div className={styles.banner} role="alert">
      The server cannot be reached. Your changes are kept in this tab and are sent as soon as it answers. Keep
      the tab open.
    </div>
  );
}
