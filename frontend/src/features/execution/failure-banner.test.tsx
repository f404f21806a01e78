import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { aStep } from '@/testing/execution';
import { LiveRun } from '@/testing/live';
import { FailureBanner } from './failure-banner';

const go = vi.fn();
vi.mock('./location', () => ({
  usePlace: () => ({ place: { view: 'graph', step: null, tab: 'overview' }, go }),
}));
beforeEach(() => go.mockClear());

const failed = aStep('Load', {
  status: 'Failed',
  attempt: 1,
  category: 'user-code',
  failure_reason: 'KeyError: target\nTraceback …',
  ended_at: '2026-11-23T14:00:02Z',
});
const later = aStep('Also', { ...failed, name: 'Also', ended_at: '2026-11-23T14:00:09Z' });

it('is silent while nothing has failed', () => {
  render(
    <LiveRun steps={[aStep('Load')]}>
      <FailureBanner />
    </LiveRun>,
  );
  expect(screen.queryByRole('alert')).toBeNull();
});

it('names the step that failed first, with the first line of its reason, and leads to its log', async () => {
  render(
    <LiveRun steps={[later, failed]} execution={{ status: 'Failed' }}>
      <FailureBanner />
    </LiveRun>,
  );
  expect(screen.getByRole('alert')).toHaveTextContent('Load failed. KeyError: target and 1 more failed');
  await userEvent.click(screen.getByRole('button', { name: 'Show the log' }));
  expect(go).toHaveBeenCalledWith({ step: 'Load', tab: 'logs' });
});

it('leads to the step where there is no log', async () => {
  render(
    <LiveRun steps={[{ ...failed, category: 'input' }]} execution={{ status: 'Failed', failed_step: 'Load' }}>
      <FailureBanner />
    </LiveRun>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Show the step' }));
  expect(go).toHaveBeenCalledWith({ step: 'Load', tab: 'overview' });
});
