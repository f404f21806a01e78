import { expect, it } from 'vitest';
import { anExecution, aStep } from '@/testing/execution';
import { rerunRequest } from './rerun';

const steps = [
  aStep('Load', { status: 'Succeeded' }),
  aStep('Train', { status: 'Failed' }),
  aStep('Evaluate', { status: 'Skipped', skip_reason: 'blocked' }),
];
const execution = anExecution({ parameters: { Trees: 5 } });

it('runs what did not succeed and takes the rest over', () => {
  expect(rerunRequest(execution, steps, false)).toEqual({
    source: 'draft',
    parameters: { Trees: 5 },
    selective: { steps: ['Train', 'Evaluate'], source_execution: execution.id },
  });
});

it('runs everything when asked to, and when there is nothing to take over', () => {
  expect(rerunRequest(execution, steps, true).selective).toBeUndefined();
  expect(rerunRequest(execution, [aStep('Train', { status: 'Failed' })], false).selective).toBeUndefined();
});
