import { act, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { aStep, eventAt } from '@/testing/execution';
import { aLiveStore, LiveRun } from '@/testing/live';
import { TableView } from './table-view';

const go = vi.fn();
vi.mock('./location', () => ({
  usePlace: () => ({ place: { view: 'table', step: null, tab: 'overview' }, go }),
}));
beforeEach(() => go.mockClear());

const steps = [
  aStep('Split', { status: 'Succeeded', cached: true, source_execution: 'older' }),
  aStep('Train', { status: 'Executing', attempt: 1, started_at: '2026-11-23T14:00:00Z' }),
  aStep('Gate', { status: 'Succeeded', outcome: false }),
  aStep('Register', { status: 'Skipped', skip_reason: 'branch not taken', because_of: 'Gate' }),
];

it('tells every step in words', () => {
  render(
    <LiveRun steps={steps}>
      <TableView />
    </LiveRun>,
  );
  expect(screen.getByRole('row', { name: /Split Cached/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /Train Executing/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /Gate Succeeded .*took the else branch/ })).toBeInTheDocument();
  expect(
    screen.getByRole('row', { name: /Register Not taken .*branch not taken by Gate/ }),
  ).toBeInTheDocument();
});

it('says once that somebody has to answer', () => {
  const asking = aStep('Ask', { status: 'Executing', waiting_for: 'an answer' });
  render(
    <LiveRun steps={[asking]}>
      <TableView />
    </LiveRun>,
  );
  expect(screen.getByRole('row', { name: /Ask Waiting for an answer/ })).not.toHaveTextContent(
    'needs answer',
  );
});

it('follows the store', () => {
  const store = aLiveStore({ steps });
  render(
    <LiveRun steps={steps} store={store}>
      <TableView />
    </LiveRun>,
  );
  const reason = { reason: 'exit 3', category: 'user-code' };
  act(() => void store.apply([eventAt(1, 'StepFailed', 'Train', { attempt: 1, data: reason })]));
  expect(screen.getByRole('row', { name: /Train Failed · exit 3/ })).toBeInTheDocument();
});

it('shows only one status when asked, and says when nothing has it any more', async () => {
  const store = aLiveStore({ steps });
  render(
    <LiveRun steps={steps} store={store}>
      <TableView />
    </LiveRun>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Executing 1' }));
  expect(within(screen.getByRole('table')).getAllByRole('rowheader')).toHaveLength(1);
  act(() => void store.apply([eventAt(1, 'StepSucceeded', 'Train', { attempt: 1 })]));
  expect(screen.getByText(/No step is executing now/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Show all' }));
  expect(within(screen.getByRole('table')).getAllByRole('rowheader')).toHaveLength(4);
});

it('selects the step of a row', async () => {
  render(
    <LiveRun steps={steps}>
      <TableView />
    </LiveRun>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Train' }));
  expect(go).toHaveBeenCalledWith({ step: 'Train' });
});
