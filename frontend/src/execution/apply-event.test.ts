import { describe, expect, it } from 'vitest';
import { anExecution, aStep, eventAt, stateOf } from '@/testing/execution';
import { applyEvent, changeOf } from './apply-event';

describe('the log is applied in order', () => {
  const state = stateOf([aStep('Train')], 4);

  it('takes the next event', () => {
    const next = applyEvent(state, eventAt(5, 'StepQueued', 'Train', { attempt: 1 }));
    expect(next.sequence).toBe(5);
    expect(next.steps.get('Train')?.status).toBe('Queued');
  });

  it('ignores what it has seen', () => {
    expect(changeOf(state, eventAt(4, 'StepFailed', 'Train')).kind).toBe('duplicate');
    expect(applyEvent(state, eventAt(2, 'StepFailed', 'Train'))).toBe(state);
  });

  it('sees a gap and applies nothing behind it', () => {
    expect(changeOf(state, eventAt(6, 'StepQueued', 'Train')).kind).toBe('gap');
    expect(applyEvent(state, eventAt(6, 'StepQueued', 'Train'))).toBe(state);
  });

  it('leaves the state it was given alone', () => {
    applyEvent(state, eventAt(5, 'StepSkipped', 'Train', { data: { reason: 'blocked' } }));
    expect(state.steps.get('Train')?.status).toBe('Waiting');
  });

  it('counts events of a type it does not know', () => {
    const next = applyEvent(state, eventAt(5, 'StepTeleported', 'Train'));
    expect(next.sequence).toBe(5);
    expect(next.steps.get('Train')?.status).toBe('Waiting');
  });
});

describe('a step', () => {
  function rowAfter(...events: Array<[string, Record<string, unknown>?, number?]>) {
    let state = stateOf([aStep('Train')], 0);
    for (const [index, [event, data, attempt]] of events.entries()) {
      state = applyEvent(
        state,
        eventAt(index + 1, event, 'Train', { data: data ?? {}, attempt: attempt ?? null }),
      );
    }
    const row = state.steps.get('Train');
    if (!row) throw new Error('the step is gone');
    return row;
  }

  it('runs to its end with times, worker and metrics', () => {
    const row = rowAfter(
      ['StepQueued', {}, 1],
      ['StepStarting', { worker: 'local-1' }, 1],
      ['StepExecuting', { runner: 'sandbox' }, 1],
      ['StepProgress', { metric: 'auc', value: 0.9 }, 1],
      ['StepProgress', { fraction: 0.5 }, 1],
      ['StepSucceeded', { metrics: { auc: 0.97 } }, 1],
    );
    expect(row).toMatchObject({
      status: 'Succeeded',
      attempt: 1,
      worker: 'local-1',
      runner: 'sandbox',
      metrics: { auc: 0.97 },
      progress: { fraction: 0.5, metrics: { auc: 0.9 } },
    });
    expect(row.started_at).not.toBeNull();
    expect(row.ended_at).not.toBeNull();
  });

  it('keeps what failed and why', () => {
    const row = rowAfter(
      ['StepStarting', {}, 1],
      ['StepFailed', { reason: 'exit code 3', category: 'user-code' }, 1],
    );
    expect(row).toMatchObject({ status: 'Failed', failure_reason: 'exit code 3', category: 'user-code' });
  });

  it('waits for its next attempt after a failure that is retried', () => {
    const row = rowAfter(
      ['StepStarting', {}, 1],
      ['RetryScheduled', { due: '2026-11-23T14:00:09Z', reason: 'exit code 3', of: 3 }, 1],
    );
    expect(row).toMatchObject({ status: 'Queued', retry_due: '2026-11-23T14:00:09Z', retry_of: 3 });
  });

  it('waits again when its attempt is lost, and counts the new one', () => {
    const row = rowAfter(
      ['StepStarting', {}, 1],
      ['AttemptLost', { reason: 'worker gone' }, 1],
      ['StepQueued', {}, 2],
    );
    expect(row).toMatchObject({ status: 'Queued', attempt: 2, attempts: 2, worker: null });
  });

  it('is done at once on a cache hit', () => {
    const row = rowAfter(['StepCacheHit', { source_execution: 'abc', cache_key: 'k' }]);
    expect(row).toMatchObject({ status: 'Succeeded', cached: true, source_execution: 'abc' });
  });

  it('says who decided that it is skipped', () => {
    const row = rowAfter(['StepSkipped', { reason: 'branch not taken', because_of: 'Gate' }]);
    expect(row).toMatchObject({ status: 'Skipped', skip_reason: 'branch not taken', because_of: 'Gate' });
  });

  it('starts over when its execution is retried', () => {
    const row = rowAfter(
      ['StepStarting', {}, 1],
      ['StepFailed', { reason: 'no', category: 'input' }, 1],
      ['StepReset'],
    );
    expect(row).toMatchObject({ status: 'Waiting', attempt: 1, failure_reason: null, started_at: null });
  });

  it('appears when an iteration is first heard of, with the type of its step', () => {
    const state = applyEvent(
      stateOf([aStep('Each', { type: 'Training' })], 0),
      eventAt(1, 'StepQueued', 'Each', { iteration: 2 }),
    );
    expect(state.steps.get('Each[2]')).toMatchObject({
      name: 'Each',
      iteration: 2,
      type: 'Training',
      status: 'Queued',
    });
  });
});

describe('an execution', () => {
  const ended = stateOf([], 7, anExecution({ status: 'Executing', started_at: '2026-11-23T14:00:00Z' }));

  it('fails with the reason and the first failed step', () => {
    const next = applyEvent(
      ended,
      eventAt(8, 'ExecutionFailed', null, { data: { reason: 'exit 3', failed_step: 'Load' } }),
    );
    expect(next.execution).toMatchObject({ status: 'Failed', failure_reason: 'exit 3', failed_step: 'Load' });
    expect(next.execution.ended_at).not.toBeNull();
  });

  it('runs again after a retry and keeps its first start', () => {
    const failed = applyEvent(ended, eventAt(8, 'ExecutionFailed', null, { data: { reason: 'exit 3' } }));
    const again = applyEvent(failed, eventAt(9, 'ExecutionStarted', null, { data: { retry: true } }));
    expect(again.execution).toMatchObject({
      status: 'Executing',
      started_at: '2026-11-23T14:00:00Z',
      ended_at: null,
      failure_reason: null,
    });
  });

  it.each([
    ['ExecutionStopping', 'Stopping'],
    ['ExecutionStopped', 'Stopped'],
    ['ExecutionSucceeded', 'Succeeded'],
    ['ExecutionCompletedWithFailures', 'CompletedWithFailures'],
  ])('%s makes it %s', (event, status) => {
    expect(applyEvent(ended, eventAt(8, event, null)).execution.status).toBe(status);
  });
});
