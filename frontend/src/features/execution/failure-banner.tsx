import { ArrowRight } from 'lucide-react';
import { StatusIcon } from '@/components/status/status-icon';
import type { StepRow } from '@/execution/types';
import styles from './failure-banner.module.css';
import { useExecution, useSteps } from './live';
import { usePlace } from './location';

/** Names the first failed step with its reason; a click leads to its log, at the first line that tells of an error. */
export function FailureBanner() {
  const execution = useExecution();
  const steps = useSteps();
  const { go } = usePlace();
  if (execution?.status !== 'Failed' && execution?.status !== 'CompletedWithFailures') return null;
  const failed = steps.find((row) => row.name === execution.failed_step) ?? firstFailed(steps);
  const reason = failed?.failure_reason ?? execution.failure_reason ?? 'No reason was recorded.';
  const [line = reason] = reason.split('\n');
  const others = steps.filter((row) => row.status === 'Failed').length - 1;
  return (
    <div className={styles.banner} role="alert">
      <StatusIcon kind="failed" size={16} />
      <span className={styles.text} title={reason}>
        {failed ? <b>{failed.name} failed.</b> : <b>The execution failed.</b>} {line}
        {others > 0 ? <span className={styles.more}> and {others} more failed</span> : null}
      </span>
      {failed && hasLog(failed) ? (
        <button type="button" className={styles.link} onClick={() => go({ step: failed.name, tab: 'logs' })}>
          Show the log <ArrowRight size={14} aria-hidden="true" />
        </button>
      ) : failed ? (
        <button
          type="button"
          className={styles.link}
          onClick={() => go({ step: failed.name, tab: 'overview' })}
        >
          Show the step <ArrowRight size={14} aria-hidden="true" />
        </button>
      ) : null}
    </div>
  );
}

/** A step that was refused before its code ran has nothing to read. */
function hasLog(row: StepRow): boolean {
  return row.attempt > 0 && row.category !== 'input' && row.category !== 'not-runnable';
}

function firstFailed(steps: readonly StepRow[]): StepRow | undefined {
  const failed = steps.filter((row) => row.status === 'Failed');
  return failed.sort((a, b) => (a.ended_at ?? '').localeCompare(b.ended_at ?? ''))[0];
}
