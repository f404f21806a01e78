import { type StatusKind, statusTone } from '../../execution/status';
import styles from './status.module.css';
import { StatusIcon } from './status-icon';

/** A status inside a dense row: icon and word in the status colour, no background. */
export function StatusWord({ kind, children }: { kind: StatusKind; children: React.ReactNode }) {
  return (
    <span className={styles.word} data-status={kind} style={{ color: `var(--${statusTone(kind)})` }}>
      <StatusIcon kind={kind} size={15} />
      <span>{children}</span>
    </span>
  );
}
