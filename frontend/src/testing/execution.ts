/** Small rows and events for tests. */
import { type ExecutionState, waitingStep } from '../execution/state';
import { type EventFrame, type ExecutionRow, NOT_ITERATED, type StepRow, stepKey } from '../execution/types';

const START = Date.parse('2026-11-23T14:00:00Z');

export function aStep(name: string, facts: Partial<StepRow> = {}): StepRow {
  return { ...waitingStep(name, NOT_ITERATED, 'Processing'), ...facts };
}

export function anExecution(facts: Partial<ExecutionRow> = {}): ExecutionRow {
  return {
    id: 'exec00000001',
    pipeline: { id: 'pipe00000001', name: 'customer-churn', display_name: '' },
    display_name: 'run 48',
    status: 'Executing',
    source_label: 'v7',
    started_by: 'owner',
    started_at: null,
    ended_at: null,
    duration_seconds: null,
    failure_reason: null,
    failed_step: null,
    step_counts: {},
    parameters: {},
    ...facts,
  };
}

export function stateOf(steps: StepRow[], sequence: number, execution = anExecution()): ExecutionState {
  return { sequence, execution, steps: new Map(steps.map((row) => [stepKey(row.name, row.iteration), row])) };
}

/** Event number `sequence`, `sequence` seconds after the start. */
export function eventAt(
  sequence: number,
  event: string,
  step: string | null,
  facts: Partial<EventFrame> = {},
): EventFrame {
  return {
    sequence,
    at: new Date(START + sequence * 1000).toISOString(),
    v: 1,
    event,
    step,
    data: {},
    ...facts,
  };
}

export function snapshotOf(state: ExecutionState) {
  return {
    type: 'snapshot' as const,
    sequence: state.sequence,
    execution: state.execution,
    steps: [...state.steps.values()],
    server_time: new Date(START).toISOString(),
  };
}
