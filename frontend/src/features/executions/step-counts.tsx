import styles from './execution-table.module.css';

const PARTS = [
  ['Succeeded', 'var(--ok)'],
  ['Failed', 'var(--bad)'],
  ['Executing', 'var(--run)'],
  ['Starting', 'var(--run)'],
  ['Stopping', 'var(--wait)'],
  ['Stopped', 'var(--wait)'],
  ['Skipped', 'var(--line-strong)'],
] as const;

/** How far a run is: done of all, and a bar in status colours. */
export function StepCounts({ counts }: { counts: Record<string, number> }) {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  const done = ['Succeeded', 'Failed', 'Stopped', 'Skipped'].reduce(
    (sum, status) => sum + (counts[status] ?? 0),
    0,
  );
  const words = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([status, count]) => `${count} ${status.toLowerCase()}`);
  return (
    <span className={styles.counts} title={words.join(', ')}>
      <span className={styles.bar} aria-hidden="true">
        {PARTS.map(([status, color]) =>
          counts[status] ? <i key={status} style={{ flexGrow: counts[status], background: color }} /> : null,
        )}
        <i style={{ flexGrow: all - PARTS.reduce((sum, [status]) => sum + (counts[status] ?? 0), 0) }} />
      </span>
      {done}/{all}
    </span>
  );
}
