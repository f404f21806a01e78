import { describe, expect, it } from 'vitest';
import { aStep, eventAt } from '@/testing/execution';
import { extent, spanOfRow, timeline } from './timeline';

describe('the timeline', () => {
  it('splits a step into queued, starting and running', () => {
    const spans = timeline([
      eventAt(1, 'StepQueued', 'Train', { attempt: 1 }),
      eventAt(2, 'StepStarting', 'Train', { attempt: 1 }),
      eventAt(4, 'StepExecuting', 'Train', { attempt: 1 }),
      eventAt(9, 'StepSucceeded', 'Train', { attempt: 1 }),
    ]).get('Train');
    expect(spans).toHaveLength(1);
    const [one] = spans ?? [];
    expect([
      (one?.startingAt ?? 0) - (one?.queuedAt ?? 0),
      (one?.endedAt ?? 0) - (one?.executingAt ?? 0),
    ]).toEqual([1000, 5000]);
    expect(one?.end).toBe('succeeded');
  });

  it('keeps attempts apart', () => {
    const spans = timeline([
      eventAt(1, 'StepQueued', 'Load', { attempt: 1 }),
      eventAt(2, 'StepExecuting', 'Load', { attempt: 1 }),
      eventAt(3, 'RetryScheduled', 'Load', { attempt: 1 }),
      eventAt(5, 'StepQueued', 'Load', { attempt: 2 }),
      eventAt(6, 'StepExecuting', 'Load', { attempt: 2 }),
      eventAt(7, 'StepFailed', 'Load', { attempt: 2 }),
    ]).get('Load');
    expect(spans?.map((one) => [one.attempt, one.end])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
    ]);
  });

  it('ends a lost attempt where it was lost', () => {
    const spans = timeline([
      eventAt(1, 'StepExecuting', 'Load', { attempt: 1 }),
      eventAt(2, 'AttemptLost', 'Load', { attempt: 1 }),
      eventAt(3, 'RetryScheduled', 'Load', { attempt: 1 }),
      eventAt(4, 'StepQueued', 'Load', { attempt: 2 }),
    ]).get('Load');
    expect(spans?.map((one) => [one.attempt, one.end])).toEqual([
      [1, 'lost'],
      [2, null],
    ]);
  });

  it('has a point for a cached step and nothing for a skipped one', () => {
    const spans = timeline([eventAt(1, 'StepCacheHit', 'Split'), eventAt(2, 'StepSkipped', 'Fail')]);
    expect(spans.get('Split')?.map((one) => one.end)).toEqual(['cached']);
    expect(spans.has('Fail')).toBe(false);
  });

  it('can start from a row while the history is on its way', () => {
    const row = aStep('Train', { status: 'Executing', attempt: 2, started_at: '2026-11-23T14:00:05Z' });
    expect(spanOfRow(row)).toMatchObject([{ attempt: 2, end: null, endedAt: null }]);
    expect(spanOfRow(aStep('Later'))).toEqual([]);
  });

  it('spans from the first start to now while something runs', () => {
    const spans = timeline([eventAt(10, 'StepQueued', 'A')]);
    const { from, to } = extent(spans.values(), Date.parse('2026-11-23T14:01:00Z'));
    expect(to - from).toBe(50_000);
    expect(extent([], 0)).toEqual({ from: 0, to: 1000 });
  });
});
