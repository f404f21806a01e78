import { isActiveStep, type StepRow } from './types';

/** What a wire shows while running: nothing yet, its source has delivered, it feeds a running step, it was not used. */
export type WireStatus = 'idle' | 'passed' | 'feeding' | 'not-taken';

/** How a wire stands between two steps; `branch` is the side of a Condition it leaves from. */
export function wireStatus(
  source: StepRow | undefined,
  target: StepRow | undefined,
  branch: 'if' | 'else' | null,
): WireStatus {
  if (!source) return 'idle';
  if (branch !== null && source.outcome !== null && source.outcome !== (branch === 'if')) return 'not-taken';
  if (source.status === 'Skipped' || target?.status === 'Skipped') return 'not-taken';
  if (target && isActiveStep(target.status) && source.status !== 'Waiting') return 'feeding';
  return source.status === 'Succeeded' ? 'passed' : 'idle';
}
