import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import { anExecution } from '@/testing/execution';
import { LiveRun } from '@/testing/live';
import { RetryButton } from './retry-button';
import { StopButton } from './stop-button';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: object) {
  const fetch = vi.fn(async () => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

it('asks once, then says that it is stopping', async () => {
  const fetch = answer(200, anExecution({ status: 'Stopping' }));
  render(
    <LiveRun steps={[]}>
      <StopButton execution={anExecution()} />
    </LiveRun>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  expect(fetch).not.toHaveBeenCalled();
  await userEvent.click(await screen.findByRole('button', { name: 'Stop execution' }));
  await waitFor(() => expect(screen.getByRole('button', { name: 'Stopping…' })).toBeDisabled());
  expect(fetch).toHaveBeenCalledTimes(1);
});

it('says in the words of the server why it could not', async () => {
  answer(409, { code: 'not-running', detail: 'It ended a moment ago.', request_id: 'req-7' });
  render(
    <LiveRun steps={[]}>
      <StopButton execution={anExecution()} />
    </LiveRun>,
  );
  await userEvent.click(screen.getByRole('button', { name: 'Stop' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Stop execution' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('It ended a moment ago. Request req-7');
});

it('is off for who may only look', () => {
  render(
    <LiveRun steps={[]} permissions={['view']}>
      <StopButton execution={anExecution()} />
      <RetryButton execution={anExecution({ status: 'Failed' })} />
    </LiveRun>,
  );
  expect(screen.getByRole('button', { name: 'Stop' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Retry' })).toBeDisabled();
});

it('offers no retry for what succeeded', () => {
  render(
    <LiveRun steps={[]}>
      <RetryButton execution={anExecution({ status: 'Succeeded' })} />
    </LiveRun>,
  );
  expect(screen.queryByRole('button')).toBeNull();
});
