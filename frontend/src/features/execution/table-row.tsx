import { memo } from 'react';
import { StatusWord } from '@/components/status/status-word';
import { FamilyTile } from '@/components/ui/family-tile';
import { formatMetric, latestMetrics } from '@/execution/metrics';
import { runSeconds, statusName, stepKind, stepWord } from '@/execution/status';
import { isActiveStep, type StepRow, stepKey } from '@/execution/types';
import { formatAbsolute, formatAgo, formatDuration } from '@/lib/format';
import { useStepLook } from './pipeline-context';
import styles from './table-view.module.css';

interface Props {
  row: StepRow;
  now: number;
  selected: boolean;
  onSelect: () => void;
}

export const TableRow = memo(function TableRow({ row, now, selected, onSelect }: Props) {
  const look = useStepLook(row);
  const kind = stepKind(row);
  const word = stepWord(row, now);
  const seconds = runSeconds(row, now);
  const timed =
    kind === 'executing' ||
    kind === 'starting' ||
    kind === 'succeeded' ||
    word === statusName(kind).toLowerCase();
  return (
    <tr className={selected ? styles.selected : undefined} data-status={kind} onClick={onSelect}>
      <th scope="row">
        <button
          type="button"
          className={styles.name}
          aria-pressed={selected}
          title={stepKey(row.name, row.iteration)}
        >
          <FamilyTile family={look.family} icon={look.icon} />
          <span>{stepKey(row.name, row.iteration)}</span>
        </button>
      </th>
      <td>
        <StatusWord kind={kind}>
          {timed ? statusName(kind) : `${statusName(kind)}${worthSaying(kind, word)}`}
        </StatusWord>
      </td>
      <td className={styles.wide}>{look.title}</td>
      <td className={styles.wide}>
        {row.started_at ? (
          <time dateTime={row.started_at} title={formatAbsolute(row.started_at)}>
            {formatAgo(row.started_at, now)}
          </time>
        ) : null}
      </td>
      <td className={styles.number}>
        {seconds === null ? '' : formatDuration(seconds, isActiveStep(row.status) ? 'clock' : 'auto')}
      </td>
      <td className={`${styles.number} ${styles.wide}`}>{row.attempts || ''}</td>
      <td className={`${styles.result} ${styles.wide}`} title={row.failure_reason ?? undefined}>
        {resultOf(row)}
      </td>
    </tr>
  );
});

/** Kinds whose name says it all. */
const SAID = new Set(['cached', 'skipped', 'blocked', 'person']);

function worthSaying(kind: string, word: string): string {
  return SAID.has(kind) ? '' : ` · ${word}`;
}

function resultOf(row: StepRow): string {
  if (row.status === 'Failed') return row.failure_reason?.split('\n')[0] ?? '';
  if (row.outcome !== null) return row.outcome ? 'took the if branch' : 'took the else branch';
  if (row.because_of) return `${row.skip_reason} by ${row.because_of}`;
  return Object.entries(latestMetrics(row))
    .slice(0, 3)
    .map(([name, value]) => `${name} ${formatMetric(value)}`)
    .join(' · ');
}
