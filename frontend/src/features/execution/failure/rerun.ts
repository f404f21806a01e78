import type { StartRequest } from '@/api/executions';
import type { ExecutionRow, StepRow } from '@/execution/types';

/** As many steps as a selective execution may run. */
const MOST_SELECTED = 50;

/** A new run of the changed draft: only what did not succeed, the rest taken over from this execution. */
export function rerunRequest(
  execution: ExecutionRow,
  steps: readonly StepRow[],
  whole: boolean,
): StartRequest {
  const open = [...new Set(steps.filter((row) => row.status !== 'Succeeded').map((row) => row.name))];
  const kept = steps.length - open.length;
  const request: StartRequest = { source: 'draft', parameters: execution.parameters };
  if (whole || kept === 0 || open.length === 0 || open.length > MOST_SELECTED) return request;
  return { ...request, selective: { steps: open, source_execution: execution.id } };
}
