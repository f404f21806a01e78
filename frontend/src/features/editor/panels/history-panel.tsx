import { formatClock } from '@/lib/format';
import { useEditor, useScene } from '../editor-context';
import styles from './dock.module.css';

/** What was done since the page was opened, newest first; press a line to go back or forth to it. */
export function HistoryPanel() {
  const { store } = useScene();
  const { past, future } = useEditor((state) => state.history);
  const goTo = (steps: number) => {
    const actions = store.getState();
    for (let count = Math.abs(steps); count > 0; count -= 1) {
      if (steps < 0) actions.undo();
      else actions.redo();
    }
  };
  if (past.length === 0 && future.length === 0) {
    return <p className={styles.fine}>Nothing was changed since this page was opened.</p>;
  }
  return (
    <ol className={styles.entries}>
      {[...future].reverse().map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: history entries are told apart by their place only
        <li key={`future ${index}`}>
          <button type="button" className={styles.entry} onClick={() => goTo(future.length - index)}>
            <span className={styles.undone}>{step.edit.label}</span>
            <small>{formatClock(new Date(step.at).toISOString())}</small>
          </button>
        </li>
      ))}
      {[...past].reverse().map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: as above
        <li key={`past ${index}`}>
          <button
            type="button"
            className={styles.entry}
            aria-current={index === 0 ? 'step' : undefined}
            onClick={() => goTo(-index)}
          >
            <span className={index === 0 ? styles.current : undefined}>{step.edit.label}</span>
            <small>{formatClock(new Date(step.at).toISOString())}</small>
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={styles.entry} onClick={() => goTo(-past.length)}>
          <span className={past.length === 0 ? styles.current : undefined}>As opened</span>
        </button>
      </li>
    </ol>
  );
}
