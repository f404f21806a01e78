/** The words and shapes of one execution as the server sends them: rows of REST and socket, and socket frames. */

import type { ResultsDigest } from './summary';

export type ExecutionStatus =
  | 'Executing'
  | 'Stopping'
  | 'Stopped'
  | 'Failed'
  | 'Succeeded'
  | 'CompletedWithFailures';

export type StepStatus =
  | 'Waiting'
  | 'Queued'
  | 'Skipped'
  | 'Starting'
  | 'Executing'
  | 'Stopping'
  | 'Stopped'
  | 'Failed'
  | 'Succeeded';

export interface Progress {
  fraction?: number | null;
  metrics?: Record<string, number>;
  note?: string | null;
}

/** One step of one execution. `iteration` is -1 outside a ForEach. Times are ISO 8601 UTC. */
export interface StepRow {
  name: string;
  iteration: number;
  type: string;
  status: StepStatus;
  attempt: number;
  attempts: number;
  queued_at: string | null;
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
  cached: boolean;
  source_execution: string | null;
  skip_reason: string | null;
  because_of: string | null;
  failure_reason: string | null;
  category: string | null;
  /** Code of what went wrong, where it is known: "column-missing". */
  cause: string | null;
  exit_code: number | null;
  /** What somebody outside has to do before it goes on. */
  waiting_for: string | null;
  progress: Progress | null;
  metrics: Record<string, number> | null;
  /** What its outputs come to; empty until it has succeeded. */
  results: ResultsDigest | null;
  /** A Condition's comparisons in words: "auc 0.965 >= 0.9 → true". */
  condition: string[] | null;
  outcome: boolean | null;
  retry_due: string | null;
  retry_of: number | null;
  worker: string | null;
  runner: string | null;
}

export interface ExecutionRow {
  id: string;
  pipeline: { id: string; name: string; display_name: string };
  display_name: string;
  status: ExecutionStatus;
  source_label: string;
  started_by: string | null;
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
  failure_reason: string | null;
  failed_step: string | null;
  step_counts: Record<string, number>;
  parameters: Record<string, unknown>;
}

/** One entry of the append-only log. */
export interface EventFrame {
  sequence: number;
  at: string;
  v: 1;
  event: string;
  step?: string | null;
  iteration?: number | null;
  attempt?: number | null;
  data: Record<string, unknown>;
}

export interface SnapshotFrame {
  type: 'snapshot';
  sequence: number;
  execution: ExecutionRow;
  steps: StepRow[];
  server_time: string;
}

export interface EventsFrame {
  type: 'events';
  events: EventFrame[];
}

/** A piece of an attempt's log. Offsets count bytes of the kept log, not characters. */
export interface LogFrame {
  type: 'log';
  step: string;
  attempt: number;
  offset: number;
  next_offset?: number;
  text: string;
  complete?: boolean;
}

export interface HeartbeatFrame {
  type: 'heartbeat';
  server_time: string;
}

export type Frame = SnapshotFrame | EventsFrame | LogFrame | HeartbeatFrame;

export const NOT_ITERATED = -1;

/** The key of a step inside one execution: its name, or `name[3]` for an iteration. */
export function stepKey(name: string, iteration: number | null | undefined): string {
  return iteration === null || iteration === undefined || iteration === NOT_ITERATED
    ? name
    : `${name}[${iteration}]`;
}

const TERMINAL_EXECUTION: ReadonlySet<ExecutionStatus> = new Set<ExecutionStatus>([
  'Stopped',
  'Failed',
  'Succeeded',
  'CompletedWithFailures',
]);
const TERMINAL_STEP: ReadonlySet<StepStatus> = new Set<StepStatus>([
  'Stopped',
  'Failed',
  'Succeeded',
  'Skipped',
]);
const ACTIVE_STEP: ReadonlySet<StepStatus> = new Set<StepStatus>(['Starting', 'Executing', 'Stopping']);

export const isTerminalExecution = (status: ExecutionStatus): boolean => TERMINAL_EXECUTION.has(status);
export const isTerminalStep = (status: StepStatus): boolean => TERMINAL_STEP.has(status);
export const isActiveStep = (status: StepStatus): boolean => ACTIVE_STEP.has(status);
