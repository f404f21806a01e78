import { WifiOff } from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import styles from './execution-bar.module.css';
import { useLive } from './live';

/** Says that what is shown may be old. Nothing while the line is open. */
export function ConnectionChip() {
  const { state } = useLive();
  return (
    <span role="status">
      {state === 'reconnecting' ? (
        <Chip
          tone="warn"
          title="Live updates paused, reconnecting"
          icon={<WifiOff size={13} aria-hidden="true" />}
        >
          <span className={styles.paused}>Live updates paused, reconnecting</span>
        </Chip>
      ) : null}
    </span>
  );
}
