import { Link } from '@tanstack/react-router';
import { StatusWord } from '@/components/status/status-word';
import { executionKind, executionName, executionTitle, pipelineTitle, secondsOf } from '@/execution/status';
import { type ExecutionRow, isTerminalExecution } from '@/execution/types';
import { formatAbsolute, formatAgo, formatDuration } from '@/lib/format';
import styles from './execution-table.module.css';
import { StepCounts } from './step-counts';

interface Props {
  row: ExecutionRow;
  now: number;
  showPipeline: boolean;
  showParameters: boolean;
}

export function ExecutionTableRow({ row, now, showPipeline, showParameters }: Props) {
  const over = isTerminalExecution(row.status);
  const seconds = row.duration_seconds !== null && over ? row.duration_seconds : secondsOf(row, now);
  const parameters = Object.entries(row.parameters ?? {})
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(' · ');
  return (
    <tr data-status={executionKind(row.status)}>
      <td className={styles.status}>
        <StatusWord kind={executionKind(row.status)}>{executionName(row.status)}</StatusWord>
      </td>
      <th scope="row" title={executionTitle(row)}>
        <Link to="/executions/$id" params={{ id: row.id }} className={styles.link}>
          {executionTitle(row)}
        </Link>
        {showPipeline ? <small className={styles.narrow}> · {pipelineTitle(row)}</small> : null}
      </th>
      {showPipeline ? (
        <td className={`${styles.text} ${styles.wide}`}>
          <Link
            to="/pipelines/$id"
            params={{ id: row.pipeline.id }}
            className={styles.other}
            title={`${pipelineTitle(row)} (${row.pipeline.name})`}
          >
            {pipelineTitle(row)}
          </Link>
        </td>
      ) : null}
      <td className={styles.wide}>{row.source_label}</td>
      <td className={styles.steps}>
        <StepCounts counts={row.step_counts} />
      </td>
      <td className={styles.started}>
        {row.started_at ? (
          <time dateTime={row.started_at} title={formatAbsolute(row.started_at)}>
            {formatAgo(row.started_at, now)}
          </time>
        ) : (
          'not yet'
        )}
      </td>
      <td className={styles.number}>
        {seconds === null ? '' : formatDuration(seconds, over ? 'auto' : 'clock')}
      </td>
      <td className={styles.wide}>{row.started_by}</td>
      {showParameters ? (
        <td className={`${styles.text} ${styles.wide}`} title={parameters}>
          {parameters}
        </td>
      ) : null}
      <td className={`${styles.text} ${styles.wide}`} title={row.failure_reason ?? undefined}>
        {row.failure_reason?.split('\n')[0] ?? ''}
      </td>
    </tr>
  );
}
