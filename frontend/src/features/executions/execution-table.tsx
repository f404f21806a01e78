import { useEffect, useState } from 'react';
import type { ExecutionRow } from '@/execution/types';
import { isTerminalExecution } from '@/execution/types';
import styles from './execution-table.module.css';
import { ExecutionTableRow } from './execution-table-row';

interface Props {
  rows: readonly ExecutionRow[];
  showPipeline: boolean;
  showParameters: boolean;
  label: string;
}

/** Dense rows, one per execution. */
export function ExecutionTable({ rows, showPipeline, showParameters, label }: Props) {
  const now = useNow(rows.some((row) => !isTerminalExecution(row.status)) ? 1000 : 30_000);
  return (
    <div className={styles.card}>
      <table className={styles.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Run</th>
            {showPipeline ? (
              <th scope="col" className={styles.wide}>
                Pipeline
              </th>
            ) : null}
            <th scope="col" className={styles.wide}>
              Source
            </th>
            <th scope="col" className={styles.steps}>
              Steps
            </th>
            <th scope="col">Started</th>
            <th scope="col" className={styles.number}>
              Duration
            </th>
            <th scope="col" className={styles.wide}>
              By
            </th>
            {showParameters ? (
              <th scope="col" className={styles.wide}>
                Parameters
              </th>
            ) : null}
            <th scope="col" className={styles.wide}>
              Result
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <ExecutionTableRow
              key={row.id}
              row={row}
              now={now}
              showPipeline={showPipeline}
              showParameters={showParameters}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function useNow(every: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}
