import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import type { Span } from '@/execution/timeline';
import { aStep } from '@/testing/execution';
import { ticks } from './gantt-view';
import { curve } from './line-chart';
import { describe as describeSpan, TimelineLane } from './timeline-lane';

const span: Span = {
  attempt: 2,
  queuedAt: 0,
  startingAt: 200,
  executingAt: 300,
  endedAt: 12_700,
  end: 'failed',
};

it('tells an attempt part by part', () => {
  expect(describeSpan(span, 0)).toBe('Attempt 2: queued 0.2 s, starting 0.1 s, running 12.4 s, failed');
});

it('counts the part that still goes on up to now', () => {
  expect(describeSpan({ ...span, endedAt: null, end: null }, 5_300)).toBe(
    'Attempt 2: queued 0.2 s, starting 0.1 s, running 5.0 s',
  );
});

it('has the tone of waiting while somebody has to answer', () => {
  const open = { ...span, endedAt: null, end: null };
  const row = aStep('Ask', { status: 'Executing', attempt: 2, waiting_for: 'callback' });
  const lane = { key: 'Ask', row, spans: [{ ...span, attempt: 1 }, open] };
  const scale = { from: 0, to: 20_000, now: 20_000 };
  render(<TimelineLane lane={lane} scale={scale} selected={false} critical={false} onSelect={vi.fn()} />);
  const [ended, waits] = screen.getAllByTitle(/^Attempt/);
  expect(ended?.querySelector('[style*="--bad"]')).not.toBeNull();
  expect(waits).toHaveAttribute('title', expect.stringContaining('waiting for an answer 19.7 s'));
  expect(waits?.querySelector('[style*="--hand"]')).not.toBeNull();
});

it('selects its step when pressed', async () => {
  const onSelect = vi.fn();
  const row = aStep('Train', { status: 'Failed', attempt: 2 });
  const scale = { from: 0, to: 20_000, now: 20_000 };
  render(
    <TimelineLane
      lane={{ key: 'Train', row, spans: [{ ...span, attempt: 1 }, span] }}
      scale={scale}
      selected={false}
      critical
      onSelect={onSelect}
    />,
  );
  await userEvent.click(screen.getByRole('button', { name: /Train/ }));
  expect(onSelect).toHaveBeenCalledWith('Train');
  expect(screen.getByText('2 tries')).toBeInTheDocument();
});

it.each([
  [0.1, [0, 0.02, 0.04, 0.06, 0.08, 0.1]],
  [0.9, [0, 0.2, 0.4, 0.6, 0.8]],
  [5.3, [0, 1, 2, 3, 4, 5]],
  [61, [0, 10, 20, 30, 40, 50, 60]],
])('puts round numbers on an axis of %f seconds', (seconds, expected) => {
  expect(ticks(seconds)).toEqual(expected);
});

it('draws a curve from corner to corner, and a flat one through the middle', () => {
  const at = (time: number, value: number) => ({ at: time, value });
  expect(curve([at(0, 1), at(10, 3)], 100, 20, 0)).toBe('M0.0 20.0L100.0 0.0');
  expect(curve([at(0, 1), at(10, 1)], 100, 20, 0)).toBe('M0.0 10.0L100.0 10.0');
});
