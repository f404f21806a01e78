import { secondsOf, statusTone, stepKind, stepWord } from '@/execution/status';
import { type Span, spanStart } from '@/execution/timeline';
import { formatDuration } from '@/lib/format';
import styles from './timeline.module.css';
import type { Lane, TimelineData } from './use-spans';

interface Props {
  lane: Lane;
  scale: Pick<TimelineData, 'from' | 'to' | 'now'>;
  selected: boolean;
  critical: boolean;
  onSelect: (key: string) => void;
}

const END_TONES = { succeeded: 'ok', cached: 'ok', failed: 'bad', lost: 'warn', stopped: 'wait' } as const;

/** One step on the timeline: every attempt with its queued, starting and running part. */
export function TimelineLane({ lane, scale, selected, critical, onSelect }: Props) {
  const { row, spans } = lane;
  const kind = stepKind(row);
  const tone = statusTone(kind);
  return (
    <button
      type="button"
      className={selected ? `${styles.lane} ${styles.selected}` : styles.lane}
      aria-pressed={selected}
      onClick={() => onSelect(lane.key)}
    >
      <span className={critical ? `${styles.name} ${styles.critical}` : styles.name} title={lane.key}>
        {lane.key}
      </span>
      <span className={styles.track}>
        {spans.map((span) => (
          <Attempt
            key={`${span.attempt} ${spanStart(span)}`}
            span={span}
            scale={scale}
            asks={kind === 'person'}
          />
        ))}
      </span>
      <span
        className={styles.word}
        style={{ color: row.status === 'Succeeded' ? undefined : `var(--${tone})` }}
      >
        {spans.length > 1 ? `${spans.length} tries` : wordOf(row, scale.now)}
      </span>
    </button>
  );
}

function wordOf(row: Lane['row'], now: number): string {
  if (row.status !== 'Failed') return stepWord(row, now);
  const seconds = secondsOf(row, now);
  return seconds === null ? 'failed' : formatDuration(seconds);
}

interface AttemptProps {
  span: Span;
  scale: Props['scale'];
  /** Somebody has to answer: nothing runs meanwhile. */
  asks: boolean;
}

function Attempt({ span, scale, asks }: AttemptProps) {
  const place = (from: number, to: number) => {
    const whole = scale.to - scale.from;
    const left = ((from - scale.from) / whole) * 100;
    return { left: `min(${left}%, 100% - 3px)`, width: `max(3px, ${((to - from) / whole) * 100}%)` };
  };
  const end = span.endedAt ?? scale.now;
  // What never ran user code (a cached step, a condition, a lost start) is a mark at its end.
  const running = span.executingAt ?? span.endedAt;
  const ready = span.startingAt ?? running ?? end;
  const tone = span.end ? END_TONES[span.end] : asks ? statusTone('person') : 'run';
  return (
    <span title={describe(span, scale.now, asks && !span.end)}>
      {ready > spanStart(span) ? <i className={styles.queued} style={place(spanStart(span), ready)} /> : null}
      {span.startingAt !== null && (running ?? end) > span.startingAt ? (
        <i className={styles.starting} style={place(span.startingAt, running ?? end)} />
      ) : null}
      {running === null ? null : (
        <i
          className={span.end === 'cached' ? `${styles.running} ${styles.cached}` : styles.running}
          style={{ ...place(running, end), background: `var(--${tone})` }}
        />
      )}
    </span>
  );
}

/** "Attempt 1: queued 0.2 s, starting 0.1 s, running 12.4 s, failed"; what `asks` waits instead of running. */
export function describe(span: Span, now: number, asks = false): string {
  const end = span.endedAt ?? now;
  const parts: string[] = [];
  const add = (word: string, from: number | null, to: number) => {
    if (from !== null) parts.push(`${word} ${formatDuration(Math.max(0, to - from) / 1000)}`);
  };
  add('queued', span.queuedAt, span.startingAt ?? span.executingAt ?? end);
  add('starting', span.startingAt, span.executingAt ?? end);
  add(asks ? 'waiting for an answer' : 'running', span.executingAt, end);
  if (span.end) parts.push(span.end);
  return span.attempt > 0 ? `Attempt ${span.attempt}: ${parts.join(', ')}` : parts.join(', ');
}
