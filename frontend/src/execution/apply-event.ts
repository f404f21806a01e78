import { type ExecutionState, waitingStep } from './state';
import {
  type EventFrame,
  type ExecutionRow,
  NOT_ITERATED,
  type StepRow,
  type StepStatus,
  stepKey,
} from './types';

/** What one event means for what is known: nothing (seen before), a gap (ask again), or new rows. */
export type Change =
  | { kind: 'duplicate' }
  | { kind: 'gap' }
  | { kind: 'applied'; sequence: number; execution: ExecutionRow; key: string | null; step: StepRow | null };

/**
 * The change one event makes, read against the state it follows. Pure: the state is not touched.
 *
 * The log is gap-free, so the only event that applies is number `sequence + 1`. An older one was applied
 * already; a newer one means that something was lost on the way.
 */
export function changeOf(state: ExecutionState, event: EventFrame): Change {
  if (event.sequence <= state.sequence) return { kind: 'duplicate' };
  if (event.sequence > state.sequence + 1) return { kind: 'gap' };
  const { sequence } = event;
  if (!event.step) {
    const execution = nextExecution(state.execution, event);
    return { kind: 'applied', sequence, execution, key: null, step: null };
  }
  const key = stepKey(event.step, event.iteration);
  const before = state.steps.get(key) ?? newcomer(state, event.step, event.iteration ?? NOT_ITERATED);
  const step = nextStep(before, event);
  return { kind: 'applied', sequence, execution: state.execution, key, step };
}

/** The state after one event; the same object for a duplicate or an event behind a gap. */
export function applyEvent(state: ExecutionState, event: EventFrame): ExecutionState {
  const change = changeOf(state, event);
  if (change.kind !== 'applied') return state;
  const steps = new Map(state.steps);
  if (change.key !== null && change.step) steps.set(change.key, change.step);
  return { sequence: change.sequence, execution: change.execution, steps };
}

function newcomer(state: ExecutionState, name: string, iteration: number): StepRow {
  return waitingStep(name, iteration, state.steps.get(name)?.type ?? '');
}

export function nextExecution(row: ExecutionRow, { event, at, data }: EventFrame): ExecutionRow {
  switch (event) {
    case 'ExecutionStarted':
      return {
        ...row,
        status: 'Executing',
        started_at: data.retry === true && row.started_at ? row.started_at : at,
        ended_at: null,
        duration_seconds: null,
        failure_reason: null,
        failed_step: null,
      };
    case 'ExecutionStopping':
      return { ...row, status: 'Stopping' };
    case 'ExecutionStopped':
      return { ...row, status: 'Stopped', ended_at: at };
    case 'ExecutionSucceeded':
      return { ...row, status: 'Succeeded', ended_at: at };
    case 'ExecutionFailed':
      return {
        ...row,
        status: 'Failed',
        ended_at: at,
        failure_reason: text(data.reason),
        failed_step: text(data.failed_step),
      };
    case 'ExecutionCompletedWithFailures':
      return { ...row, status: 'CompletedWithFailures', ended_at: at };
    default:
      return row;
  }
}

/** The row of a step after one of its events: the same facts the server keeps in its own row. */
export function nextStep(row: StepRow, frame: EventFrame): StepRow {
  const { event, at, data } = frame;
  const attempt = frame.attempt ?? row.attempt;
  switch (event) {
    case 'StepQueued':
      return {
        ...row,
        status: 'Queued',
        attempt,
        attempts: Math.max(row.attempts, attempt),
        queued_at: at,
        ended_at: null,
        retry_due: null,
        worker: null,
        runner: null,
      };
    case 'StepStarting':
      return { ...row, status: 'Starting', ...held(row, attempt, at, data) };
    case 'StepExecuting':
      return { ...row, status: 'Executing', ...held(row, attempt, at, data) };
    case 'StepProgress':
      return { ...row, progress: nextProgress(row, data) };
    case 'StepWaiting':
      return { ...row, waiting_for: text(data.reason) };
    case 'StepSucceeded':
      return {
        ...row,
        ...ended('Succeeded', at),
        failure_reason: null,
        metrics: data.metrics ? numbers(data.metrics) : row.metrics,
        results: digest(data.results) ?? row.results,
      };
    case 'StepFailed':
      return {
        ...row,
        ...ended('Failed', at),
        failure_reason: text(data.reason),
        category: text(data.category),
        cause: text(data.cause),
      };
    case 'StepStopping':
      return { ...row, status: 'Stopping' };
    case 'StepStopped':
      return { ...row, ...ended('Stopped', at) };
    case 'StepSkipped':
      return {
        ...row,
        ...ended('Skipped', at),
        skip_reason: text(data.reason),
        because_of: text(data.because_of),
      };
    case 'StepCacheHit':
      return {
        ...row,
        ...ended('Succeeded', at),
        cached: true,
        source_execution: text(data.source_execution),
        results: digest(data.results) ?? row.results,
      };
    case 'StepReused':
      return { ...row, ...ended('Succeeded', at), source_execution: text(data.source_execution) };
    case 'StepReset':
      return {
        ...waitingStep(row.name, row.iteration, row.type),
        attempt: row.attempt,
        attempts: row.attempts,
      };
    case 'AttemptLost':
      return row;
    case 'RetryScheduled':
      return {
        ...row,
        status: 'Queued',
        retry_due: text(data.due),
        retry_of: typeof data.of === 'number' ? data.of : null,
      };
    case 'ConditionEvaluated':
      return {
        ...row,
        outcome: data.outcome === true,
        condition: Array.isArray(data.explanation) ? data.explanation.map(String) : null,
        started_at: row.started_at ?? at,
      };
    default:
      return row;
  }
}

/** What is known once somebody holds the attempt. The start of the first one stays. */
function held(
  row: StepRow,
  attempt: number,
  at: string,
  data: Record<string, unknown>,
): Pick<StepRow, 'attempt' | 'attempts' | 'started_at' | 'worker' | 'runner'> {
  return {
    attempt,
    attempts: Math.max(row.attempts, attempt),
    started_at: row.started_at ?? at,
    worker: text(data.worker) ?? row.worker,
    runner: text(data.runner) ?? row.runner,
  };
}

/** What every end of a step has in common. */
function ended(
  status: StepStatus,
  at: string,
): Pick<StepRow, 'status' | 'ended_at' | 'retry_due' | 'waiting_for'> {
  return { status, ended_at: at, retry_due: null, waiting_for: null };
}

function nextProgress(row: StepRow, data: Record<string, unknown>): StepRow['progress'] {
  const before = row.progress ?? {};
  const metric = text(data.metric);
  return {
    ...before,
    ...(typeof data.fraction === 'number' ? { fraction: data.fraction } : {}),
    ...(typeof data.note === 'string' ? { note: data.note } : {}),
    ...(metric && typeof data.value === 'number'
      ? { metrics: { ...before.metrics, [metric]: data.value } }
      : {}),
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The server wrote it; anything that is no object is none. */
function digest(value: unknown): StepRow['results'] {
  return typeof value === 'object' && value !== null ? value : null;
}

function numbers(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
