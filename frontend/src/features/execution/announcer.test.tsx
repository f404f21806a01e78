import { act, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aStep, eventAt } from '@/testing/execution';
import { aLiveStore, LiveRun } from '@/testing/live';
import { Announcer } from './announcer';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('reads changes out together, a few at a time', () => {
  const steps = ['A', 'B', 'C', 'D'].map((name) => aStep(name));
  const store = aLiveStore({ steps });
  render(
    <LiveRun steps={steps} store={store}>
      <Announcer />
    </LiveRun>,
  );
  act(() => {
    store.apply(steps.map((row, index) => eventAt(index + 1, 'StepQueued', row.name)));
  });
  expect(screen.getByTestId('announcer')).toBeEmptyDOMElement();
  act(() => void vi.advanceTimersByTime(2_000));
  expect(screen.getByTestId('announcer')).toHaveTextContent('A: queued, B: queued, C: queued, and 1 more');
});
