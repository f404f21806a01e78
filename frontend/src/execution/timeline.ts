import { type EventFrame, type StepRow, stepKey } from './types';

export type SpanEnd = 'succeeded' | 'cached' | 'failed' | 'stopped' | 'lost';

/** One attempt on the timeline. Times in ms; a null end is still going on. */
export interface Span {
  attempt: number;
  queuedAt: number | null;
  startingAt: number | null;
  executingAt: number | null;
  endedAt: number | null;
  end: SpanEnd | null;
}

const ENDS: Record<string, SpanEnd> = {
  StepSucceeded: 'succeeded',
  StepCacheHit: 'cached',
  StepReused: 'cached',
  StepFailed: 'failed',
  StepStopped: 'stopped',
  AttemptLost: 'lost',
  RetryScheduled: 'failed',
};

/** Every attempt of every step, from the whole history. Steps that never queued have no entry. */
export function timeline(events: readonly EventFrame[]): Map<string, Span[]> {
  const spans = new Map<string, Span[]>();
  for (const event of events) {
    if (!event.step) continue;
    const key = stepKey(event.step, event.iteration);
    const list = spans.get(key) ?? [];
    place(list, event, Date.parse(event.at));
    if (list.length > 0) spans.set(key, list);
  }
  return spans;
}

function place(list: Span[], event: EventFrame, at: number): void {
  const current = list.at(-1);
  const going = current && current.endedAt === null ? current : null;
  switch (event.event) {
    case 'StepQueued':
      if (going) going.attempt = event.attempt ?? going.attempt;
      else list.push(span(event.attempt ?? 0, { queuedAt: at }));
      return;
    case 'StepStarting':
      if (going) Object.assign(going, { startingAt: at, attempt: event.attempt ?? going.attempt });
      else list.push(span(event.attempt ?? 0, { startingAt: at }));
      return;
    case 'StepExecuting':
      if (going) going.executingAt = at;
      else list.push(span(event.attempt ?? 0, { executingAt: at }));
      return;
    case 'StepSkipped':
      if (going) list.pop();
      return;
    default: {
      const end = ENDS[event.event];
      if (!end) return;
      if (going) Object.assign(going, { endedAt: at, end });
      else if (end === 'cached' || end === 'succeeded')
        list.push(span(event.attempt ?? 0, { queuedAt: at, endedAt: at, end }));
      else if (current && current.end === 'lost' && event.event === 'RetryScheduled') return;
      else if (end === 'failed' && event.event === 'StepFailed' && !current) {
        list.push(span(event.attempt ?? 0, { queuedAt: at, endedAt: at, end }));
      }
    }
  }
}

function span(attempt: number, times: Partial<Span>): Span {
  return { attempt, queuedAt: null, startingAt: null, executingAt: null, endedAt: null, end: null, ...times };
}

/** The newest attempt as its row tells it, while the history is still on its way. */
export function spanOfRow(row: StepRow): Span[] {
  const at = (iso: string | null) => (iso ? Date.parse(iso) : null);
  const queuedAt = at(row.queued_at);
  const startingAt = at(row.started_at);
  if (row.status === 'Skipped' || (queuedAt === null && startingAt === null)) return [];
  const ends: Partial<Record<StepRow['status'], SpanEnd>> = {
    Failed: 'failed',
    Stopped: 'stopped',
    Succeeded: 'succeeded',
  };
  const end = row.cached || row.source_execution ? 'cached' : (ends[row.status] ?? null);
  return [
    span(row.attempt, { queuedAt, startingAt, executingAt: startingAt, endedAt: at(row.ended_at), end }),
  ];
}

/** When a span is first seen: its queue time, else its start. */
export const spanStart = (one: Span): number =>
  one.queuedAt ?? one.startingAt ?? one.executingAt ?? one.endedAt ?? 0;

/** A scale always exists, also of a run that took no time at all. */
const SHORTEST_MS = 100;

/** From the first start to the last end of everything, in milliseconds. */
export function extent(spans: Iterable<readonly Span[]>, now: number): { from: number; to: number } {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const list of spans) {
    for (const one of list) {
      from = Math.min(from, spanStart(one));
      to = Math.max(to, one.endedAt ?? now);
    }
  }
  return Number.isFinite(from)
    ? { from, to: Math.max(to, from + SHORTEST_MS) }
    : { from: now, to: now + 1000 };
}
