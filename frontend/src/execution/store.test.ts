import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anExecution, aStep, eventAt, snapshotOf, stateOf } from '@/testing/execution';
import { ExecutionStore } from './store';

let frame: (() => void)[] = [];
const schedule = (callback: () => void) => void frame.push(callback);
function nextFrame() {
  const due = frame;
  frame = [];
  for (const callback of due) callback();
}

function aStore() {
  const store = new ExecutionStore(schedule);
  store.reset(snapshotOf(stateOf([aStep('Split'), aStep('Train')], 3)));
  nextFrame();
  return store;
}

beforeEach(() => {
  frame = [];
});

describe('the store', () => {
  it('tells only the listeners of the step that changed, once per frame', () => {
    const store = aStore();
    const split = vi.fn();
    const train = vi.fn();
    store.subscribeStep('Split', split);
    store.subscribeStep('Train', train);
    store.apply([
      eventAt(4, 'StepQueued', 'Train', { attempt: 1 }),
      eventAt(5, 'StepStarting', 'Train', { attempt: 1 }),
      eventAt(6, 'StepExecuting', 'Train', { attempt: 1 }),
    ]);
    expect(train).not.toHaveBeenCalled();
    expect(frame).toHaveLength(1);
    nextFrame();
    expect(train).toHaveBeenCalledTimes(1);
    expect(split).not.toHaveBeenCalled();
    expect(store.step('Train')?.status).toBe('Executing');
  });

  it('keeps the rows that did not change the same objects', () => {
    const store = aStore();
    const before = store.step('Split');
    store.apply([eventAt(4, 'StepQueued', 'Train')]);
    expect(store.step('Split')).toBe(before);
  });

  it('answers a gap and waits, then goes on after the missing events came', () => {
    const store = aStore();
    expect(store.apply([eventAt(6, 'StepExecuting', 'Train')])).toBe('gap');
    expect(store.sequence).toBe(3);
    const missing = [
      eventAt(4, 'StepQueued', 'Train'),
      eventAt(5, 'StepStarting', 'Train'),
      eventAt(6, 'StepExecuting', 'Train'),
    ];
    expect(store.apply(missing)).toBe('applied');
    expect(store.sequence).toBe(6);
  });

  it('does nothing twice', () => {
    const store = aStore();
    const event = eventAt(4, 'StepQueued', 'Train');
    store.apply([event, event]);
    store.apply([event]);
    expect(store.sequence).toBe(4);
  });

  it('does not go back to an older snapshot of the same execution', () => {
    const store = aStore();
    store.apply([eventAt(4, 'StepQueued', 'Train')]);
    store.reset(snapshotOf(stateOf([aStep('Split'), aStep('Train')], 2)));
    expect(store.step('Train')?.status).toBe('Queued');
  });

  it('takes a newer snapshot whole', () => {
    const store = aStore();
    store.reset(
      snapshotOf(stateOf([aStep('Train', { status: 'Failed' })], 90, anExecution({ status: 'Failed' }))),
    );
    expect(store.execution()?.status).toBe('Failed');
    expect(store.steps().map((row) => row.name)).toEqual(['Train']);
  });

  it('hands out the same list until something changes', () => {
    const store = aStore();
    expect(store.steps()).toBe(store.steps());
  });

  it('knows where its history has a hole, and fills it', () => {
    const store = aStore();
    store.apply([eventAt(4, 'StepQueued', 'Train')]);
    expect(store.missingAfter()).toBe(0);
    store.remember([
      eventAt(1, 'ExecutionStarted', null),
      eventAt(2, 'StepQueued', 'Split'),
      eventAt(3, 'StepStarting', 'Split'),
    ]);
    expect(store.missingAfter()).toBeNull();
    expect(store.history().map((event) => event.sequence)).toEqual([1, 2, 3, 4]);
  });

  it('stops telling a listener that left', () => {
    const store = aStore();
    const listener = vi.fn();
    store.subscribeStep('Train', listener)();
    store.apply([eventAt(4, 'StepQueued', 'Train')]);
    nextFrame();
    expect(listener).not.toHaveBeenCalled();
  });
});
