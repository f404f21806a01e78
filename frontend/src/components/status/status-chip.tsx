import { type StatusKind, statusTone } from '../../execution/status';
import styles from './status.module.css';
import { StatusIcon } from './status-icon';

interface Props {
  kind: StatusKind;
  /** The word, and what belongs to it: "Executing · 0:54". */
  children: React.ReactNode;
}

/** A status as a chip: icon, word and colour. */
export function StatusChip({ kind, children }: Props) {
  const tone = statusTone(kind);
  return (
    <span
      className={styles.chip}
      data-status={kind}
      style={{ background: `var(--${tone}-soft)`, color: `var(--${tone})` }}
    >
      <StatusIcon kind={kind} size={13} />
      <span>{children}</span>
    </span>
  );
}
