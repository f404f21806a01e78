import { type ExecutionRow, type SnapshotFrame, type StepRow, stepKey } from './types';

/** What is known of one execution after the event `sequence`. */
export interface ExecutionState {
  sequence: number;
  execution: ExecutionRow;
  steps: ReadonlyMap<string, StepRow>;
}

export function stateFromSnapshot(frame: Omit<SnapshotFrame, 'type' | 'server_time'>): ExecutionState {
  return {
    sequence: frame.sequence,
    execution: frame.execution,
    // A step that never had an attempt has number null on the wire, and 0 here.
    steps: new Map(
      frame.steps.map((row) => [stepKey(row.name, row.iteration), { ...row, attempt: row.attempt ?? 0 }]),
    ),
  };
}

/** A step nothing has been heard of yet. */
export function waitingStep(name: string, iteration: number, type: string): StepRow {
  return {
    name,
    iteration,
    type,
    status: 'Waiting',
    attempt: 0,
    attempts: 0,
    queued_at: null,
    started_at: null,
    ended_at: null,
    duration_seconds: null,
    cached: false,
    source_execution: null,
    skip_reason: null,
    because_of: null,
    failure_reason: null,
    category: null,
    cause: null,
    exit_code: null,
    waiting_for: null,
    progress: null,
    metrics: null,
    results: null,
    condition: null,
    outcome: null,
    retry_due: null,
    retry_of: null,
    worker: null,
    runner: null,
  };
}
