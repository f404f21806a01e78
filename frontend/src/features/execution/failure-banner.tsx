import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { stepDetailQuery, versionOf } from '@/api/execution-steps';
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
  const failed = steps.find((row) => row.name === execution?.failed_step) ?? firstFailed(steps);
  const { data } = useQuery({
    ...stepDetailQuery(execution?.id ?? '', failed?.name ?? '', failed?.iteration ?? -1, versionOf(failed)),
    enabled: failed !== undefined && execution?.ended_at != null,
  });
  if (execution?.status !== 'Failed' && execution?.status !== 'CompletedWithFailures') return null;
  const failure = data?.failure;
  const reason = failed?.failure_reason ?? execution?.failure_reason ?? 'No reason was recorded.';
  const [line = reason] = reason.split('\n');
  const others = steps.filter((row) => row.status === 'Failed').length - 1;
  return (
    <div className={styles.banner} role="alert">
      <StatusIcon kind="failed" size={16} />
      <span className={styles.text} title={reason}>
        {failed ? <b>{failed.name} failed.</b> : <b>The execution failed.</b>}{' '}
        {failure ? `${failure.title}. ${failure.what}` : line}
        {others > 0 ? <span className={styles.more}> and {others} more failed</span> : null}
      </span>
      {failed && failure ? (
        <button
          type="button"
          className={styles.link}
          onClick={() => go({ step: failed.name, tab: 'overview' })}
        >
          What to do <ArrowRight size={14} aria-hidden="true" />
        </button>
      ) : null}
      {failed && hasLog(failed) ? (
        <button type="button" className={styles.link} onClick={() => go({ step: failed.name, tab: 'logs' })}>
          Show the log <ArrowRight size={14} aria-hidden="true" />
        </button>
      ) : failed && !failure ? (
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
