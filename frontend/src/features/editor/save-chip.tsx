import { CircleAlert, CircleCheck, LoaderCircle } from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import { formatAbsolute, formatClock } from '@/lib/format';
import styles from './editor-bar.module.css';
import { useEditor } from './editor-context';

/** "Saving…", "Saved 14:02", "Not saved, retrying": always true, never ahead of the server. */
export function SaveChip() {
  const save = useEditor((state) => state.save);
  switch (save.kind) {
    case 'saving':
      return (
        <Chip icon={<LoaderCircle size={13} aria-hidden="true" />}>
          <span role="status">Saving…</span>
        </Chip>
      );
    case 'saved':
      return (
        <Chip tone="ok" icon={<CircleCheck size={13} aria-hidden="true" />} title={formatAbsolute(save.at)}>
          <span role="status" className={styles.saved}>
            Saved {formatClock(save.at)}
          </span>
        </Chip>
      );
    case 'retrying':
      return (
        <Chip tone="warn" icon={<CircleAlert size={13} aria-hidden="true" />} title={save.message}>
          <span role="status">Not saved, retrying</span>
        </Chip>
      );
    case 'blocked':
      return (
        <Chip tone="bad" icon={<CircleAlert size={13} aria-hidden="true" />}>
          <span role="status">Not saved</span>
        </Chip>
      );
  }
}
