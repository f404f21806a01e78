import type { StepDetail } from '@/api/execution-steps';
import { isTerminalStep, type StepRow } from '@/execution/types';
import { Nothing, Section } from './facts';
import styles from './log-tab.module.css';
import { LogViewer } from './log-viewer';

interface Props {
  row: StepRow;
  detail: StepDetail | undefined;
  attempt: number;
  onAttempt: (attempt: number) => void;
}

/** The log of the newest attempt, or of an earlier one when there are more. */
export function LogTab({ row, attempt, onAttempt }: Props) {
  if (attempt < 1) {
    return (
      <Section title="No log">
        <Nothing>{noLog(row)}</Nothing>
      </Section>
    );
  }
  return (
    <div className={styles.tab}>
      {row.attempt > 1 ? (
        <label className={styles.choice}>
          Attempt
          <select value={attempt} onChange={(event) => onAttempt(Number(event.target.value))}>
            {Array.from({ length: row.attempt }, (_, index) => row.attempt - index).map((number) => (
              <option key={number} value={number}>
                {number === row.attempt ? `${number} (newest)` : number}
              </option>
            ))}
          </select>
        </label>
      ) : null}
      <div className={styles.viewer}>
        <LogViewer key={attempt} row={row} attempt={attempt} />
      </div>
    </div>
  );
}

function noLog(row: StepRow): string {
  if (row.cached)
    return 'It did not run: its outputs were known. The log is with the execution that made them.';
  if (row.status === 'Skipped') return 'It did not run, so it wrote nothing.';
  return isTerminalStep(row.status)
    ? 'This step is decided without running code, so it writes no log.'
    : 'The log starts when the step does.';
}
