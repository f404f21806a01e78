import { Link } from '@tanstack/react-router';
import type { AttemptRow, StepDetail } from '@/api/execution-steps';
import { conditionLines } from '@/execution/key-figure';
import { formatMetric, latestMetrics } from '@/execution/metrics';
import { stepKind } from '@/execution/status';
import { spanOfRow, timeline } from '@/execution/timeline';
import { type StepRow, stepKey } from '@/execution/types';
import { formatAbsolute, formatBytes, formatDuration } from '@/lib/format';
import { CallbackPanel } from './callback/callback-panel';
import { type DetailQuery, WithDetail } from './detail-state';
import { Facts, Nothing, Section } from './facts';
import { FailurePanel } from './failure/failure-panel';
import { useHistory, useServerNow } from './live';
import styles from './overview-tab.module.css';
import { useStepLook } from './pipeline-context';

export function OverviewTab({ row, detail }: { row: StepRow; detail: DetailQuery }) {
  return (
    <>
      {detail.data?.failure && row.status === 'Failed' ? (
        <FailurePanel row={row} failure={detail.data.failure} />
      ) : (
        <Standing row={row} />
      )}
      {detail.data?.callback ? <CallbackPanel row={row} callback={detail.data.callback} /> : null}
      <WithDetail detail={detail}>{(data) => <Figures row={row} data={data} />}</WithDetail>
    </>
  );
}

/** Why the step stands as it does, in a sentence. */
function Standing({ row }: { row: StepRow }) {
  const kind = stepKind(row);
  const { condition } = row;
  if (condition && condition.length > 0) {
    return (
      <Section title={row.outcome === false ? 'The else branch was taken' : 'The if branch was taken'}>
        <ul className={styles.explanation}>
          {conditionLines(row).map((line, index) => (
            <li key={line}>
              <code title={condition[index]}>{line}</code>
            </li>
          ))}
        </ul>
      </Section>
    );
  }
  if (kind === 'failed') {
    return (
      <Section title="Why it failed">
        <p className={styles.reason}>{row.failure_reason ?? 'No reason was recorded.'}</p>
      </Section>
    );
  }
  const sentence = sentenceFor(row, kind);
  if (!sentence) return null;
  return (
    <Section title="Standing">
      <Nothing>
        {sentence}
        {row.source_execution ? (
          <>
            {' '}
            <Link
              to="/executions/$id"
              params={{ id: row.source_execution }}
              search={{ step: row.name }}
              className="in-text"
            >
              Show that execution
            </Link>
          </>
        ) : null}
      </Nothing>
    </Section>
  );
}

function sentenceFor(row: StepRow, kind: ReturnType<typeof stepKind>): string | null {
  switch (kind) {
    case 'cached':
      return row.cached
        ? 'The same work was done before, so its outputs stand in.'
        : 'Outputs of the chosen earlier execution stand in.';
    case 'skipped':
      if (row.skip_reason === 'branch not taken')
        return `${row.because_of ?? 'A condition'} took the other branch.`;
      return `It did not run: ${row.skip_reason ?? 'skipped'}.`;
    case 'blocked':
      return `It cannot run because ${row.because_of ?? 'a step it needs'} did not succeed.`;
    case 'retrying':
      return row.failure_reason
        ? `The last attempt ended: ${row.failure_reason}`
        : 'Another attempt is on its way.';
    case 'waiting':
      return 'It waits for the steps before it.';
    case 'queued':
      return 'It is ready and waits for a worker or a free slot.';
    default:
      return null;
  }
}

function Figures({ row, data }: { row: StepRow; data: StepDetail }) {
  const attempt = data.attempt_list.find((one) => one.number === row.attempt) ?? data.attempt_list.at(-1);
  const metrics = Object.entries(latestMetrics(row));
  const look = useStepLook(row);
  return (
    <>
      <Section title="Times">
        <Times row={row} />
      </Section>
      {metrics.length > 0 ? (
        <Section title="Metrics">
          <Facts
            rows={metrics.map(([name, value]) => [name, <b key={name}>{formatMetric(value)}</b>] as const)}
          />
        </Section>
      ) : null}
      {data.cache && data.cache.why.length > 0 ? (
        <Section title={row.cached ? 'Why it did not have to run' : 'Why it was not cached'}>
          <ul className={styles.explanation}>
            {data.cache.why.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title="Run">
        <Facts
          rows={[
            ['Type', look.title],
            ['Job', data.job_name],
            ['Worker', workerOf(row, attempt)],
            [
              'Image',
              imageOf(data.description) ? <Code key="image" text={imageOf(data.description)} /> : null,
            ],
            ['CPU', cpuOf(attempt)],
            [
              'Memory',
              attempt?.usage.peak_memory_bytes
                ? `${formatBytes(attempt.usage.peak_memory_bytes)} peak`
                : null,
            ],
            ['Exit', attempt ? exitOf(attempt) : null],
            ['Read', attempt?.usage.input_bytes ? formatBytes(attempt.usage.input_bytes) : null],
            ['Written', attempt?.usage.output_bytes ? formatBytes(attempt.usage.output_bytes) : null],
          ]}
        />
      </Section>
    </>
  );
}

/** Queue, start-up and run time of the newest attempt, and when it began and ended. */
function Times({ row }: { row: StepRow }) {
  const history = useHistory();
  const now = useServerNow(
    row.status === 'Executing' || row.status === 'Starting' || row.status === 'Queued',
  );
  const key = stepKey(row.name, row.iteration);
  const spans = timeline(history).get(key) ?? spanOfRow(row);
  const span = spans.at(-1);
  if (!span || row.status === 'Skipped') return <Nothing>It has not started.</Nothing>;
  const end = span.endedAt ?? now;
  const part = (from: number | null, to: number | null) =>
    from === null ? null : formatDuration(Math.max(0, (to ?? end) - from) / 1000);
  return (
    <Facts
      rows={[
        ['Queued', part(span.queuedAt, span.startingAt ?? span.executingAt)],
        ['Starting', part(span.startingAt, span.executingAt)],
        ['Running', part(span.executingAt, null)],
        ['Began', row.started_at ? formatAbsolute(row.started_at) : null],
        ['Ended', row.ended_at ? formatAbsolute(row.ended_at) : null],
      ]}
    />
  );
}

export function exitOf(attempt: AttemptRow): string | null {
  if (attempt.out_of_memory) return 'out of memory';
  if (attempt.signal) return `killed by signal ${attempt.signal}`;
  return attempt.exit_code === null ? null : `code ${attempt.exit_code}`;
}

export function cpuOf(attempt: AttemptRow | undefined): string | null {
  const cpu = attempt?.usage.cpu_seconds;
  if (cpu === null || cpu === undefined) return null;
  const run = attempt?.usage.run_seconds;
  const share = run && run > 0.05 ? ` · ${Math.round((cpu / run) * 100)} % of one core` : '';
  return `${formatDuration(cpu)}${share}`;
}

function workerOf(row: StepRow, attempt: AttemptRow | undefined): string | null {
  const parts = [attempt?.worker ?? row.worker, attempt?.runner ?? row.runner].filter(Boolean);
  return parts.length > 0 ? parts.join(' · ') : null;
}

function Code({ text }: { text: string | null }) {
  return text ? <code className={styles.code}>{text}</code> : null;
}

function imageOf(description: unknown): string | null {
  for (const path of [
    ['AppSpecification', 'ImageUri'],
    ['AlgorithmSpecification', 'TrainingImage'],
  ]) {
    let value: unknown = description;
    for (const part of path)
      value = typeof value === 'object' && value ? Reflect.get(value, part) : undefined;
    if (typeof value === 'string') return value;
  }
  return null;
}
