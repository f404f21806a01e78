import { useState } from 'react';
import type { AttemptRow } from '@/api/execution-steps';
import { StatusWord } from '@/components/status/status-word';
import type { StatusKind } from '@/execution/status';
import type { StepRow } from '@/execution/types';
import { formatAbsolute, formatBytes, formatDuration } from '@/lib/format';
import styles from './attempts-tab.module.css';
import { type DetailQuery, WithDetail } from './detail-state';
import { Facts, Nothing, Section } from './facts';
import { LogViewer } from './log-viewer';
import { cpuOf, exitOf } from './overview-tab';

const KINDS: Record<string, StatusKind> = {
  Pending: 'queued',
  Starting: 'starting',
  Executing: 'executing',
  Stopping: 'stopping',
  Succeeded: 'succeeded',
  Failed: 'failed',
  Stopped: 'stopped',
  Lost: 'retrying',
};

/** Every try at this step: when, how it ended, its own log. */
export function AttemptsTab({ row, detail }: { row: StepRow; detail: DetailQuery }) {
  const [chosen, setChosen] = useState<number | null>(null);
  return (
    <WithDetail detail={detail}>
      {(data) => {
        const attempt = data.attempt_list.find((one) => one.number === chosen) ?? data.attempt_list.at(-1);
        if (!attempt) {
          return (
            <Section title="No attempts">
              <Nothing>
                {row.cached ? 'It did not have to run: its outputs were known.' : 'It has not started.'}
              </Nothing>
            </Section>
          );
        }
        return (
          <div className={styles.tab}>
            <div className={styles.list} role="tablist" aria-label="Attempts">
              {data.attempt_list.map((one) => (
                <button
                  key={one.number}
                  type="button"
                  role="tab"
                  aria-selected={one === attempt}
                  className={one === attempt ? `${styles.one} ${styles.on}` : styles.one}
                  onClick={() => setChosen(one.number)}
                >
                  Attempt {one.number}
                  <StatusWord kind={KINDS[one.status] ?? 'waiting'}>{one.status.toLowerCase()}</StatusWord>
                </button>
              ))}
            </div>
            <Section title={`Attempt ${attempt.number}`}>
              <AttemptFacts attempt={attempt} />
            </Section>
            <div className={styles.log}>
              <LogViewer key={attempt.number} row={row} attempt={attempt.number} />
            </div>
          </div>
        );
      }}
    </WithDetail>
  );
}

function AttemptFacts({ attempt }: { attempt: AttemptRow }) {
  const between = (from: string | null, to: string | null) =>
    from && to ? formatDuration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000) : null;
  return (
    <Facts
      rows={[
        ['Began', attempt.created_at ? formatAbsolute(attempt.created_at) : null],
        ['Queued', between(attempt.created_at, attempt.claimed_at)],
        ['Starting', between(attempt.claimed_at, attempt.executing_at)],
        ['Running', between(attempt.executing_at, attempt.ended_at)],
        ['Worker', [attempt.worker, attempt.runner].filter(Boolean).join(' · ')],
        ['CPU', cpuOf(attempt)],
        [
          'Memory',
          attempt.usage.peak_memory_bytes ? `${formatBytes(attempt.usage.peak_memory_bytes)} peak` : null,
        ],
        ['Exit', exitOf(attempt)],
        ['Reason', attempt.reason],
      ]}
    />
  );
}
