import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it, vi } from 'vitest';
import type { Callback } from '@/api/execution-steps';
import { anExecution, aStep } from '@/testing/execution';
import { LiveRun } from '@/testing/live';
import { CallbackPanel } from './callback-panel';

afterEach(() => vi.unstubAllGlobals());

const CALLBACK: Callback = {
  token: 'aB3dE6gH9k',
  queue_url: 'https://sqs.us-east-1.amazonaws.com/111122223333/answers',
  message: '{"token":"aB3dE6gH9k","status":"Executing"}',
  arguments: { table: 'customers', rows: 5 },
  outputs: [
    { name: 'place', type: 'String' },
    { name: 'rows', type: 'Integer' },
    { name: 'good', type: 'Boolean' },
  ],
  asked_at: '2026-11-23T14:00:00Z',
  expires_at: '2026-12-21T14:00:00Z',
  answered_at: null,
  answered_by: null,
};
const WAITING = aStep('Ask', { type: 'Callback', status: 'Executing', waiting_for: 'an answer' });
const MAY = ['view', 'decide-approval'];

function answer(status: number, body: object) {
  const fetch = vi.fn(
    async (_url: string, _init: RequestInit) => new Response(JSON.stringify(body), { status }),
  );
  vi.stubGlobal('fetch', fetch);
  return fetch;
}

function open(callback = CALLBACK, row = WAITING, permissions = MAY) {
  render(
    <LiveRun steps={[row]} permissions={permissions}>
      <CallbackPanel row={row} callback={callback} />
    </LiveRun>,
  );
}

it('shows the question, its token and one field per output', () => {
  open();
  expect(screen.getByText('aB3dE6gH9k')).toBeInTheDocument();
  expect(screen.getByText('answers')).toBeInTheDocument();
  expect(screen.getByText('customers')).toBeInTheDocument();
  expect(screen.getByRole('textbox', { name: 'place' })).toBeInTheDocument();
  expect(screen.getByRole('textbox', { name: 'rows' })).toBeInTheDocument();
  expect(screen.getByRole('radiogroup', { name: 'good' })).toBeInTheDocument();
});

it('sends the outputs as texts once they fit', async () => {
  const fetch = answer(200, anExecution());
  open();
  await userEvent.type(screen.getByRole('textbox', { name: 'place' }), 's3://b/x');
  await userEvent.click(screen.getByRole('button', { name: 'Complete step' }));
  expect(await screen.findByText('A whole number, such as 12.')).toBeInTheDocument();
  expect(fetch).not.toHaveBeenCalled();
  await userEvent.type(screen.getByRole('textbox', { name: 'rows' }), '12');
  await userEvent.click(screen.getByRole('radio', { name: 'False' }));
  await userEvent.click(screen.getByRole('button', { name: 'Complete step' }));
  await waitFor(() => expect(fetch).toHaveBeenCalled());
  const [url, init] = fetch.mock.calls[0] ?? [];
  expect(url).toBe('/api/executions/exec00000001/steps/Ask/complete/');
  expect(JSON.parse(String(init?.body))).toEqual({
    outputs: { place: 's3://b/x', rows: '12', good: 'false' },
  });
});

it('fails the step with a reason after a second button', async () => {
  const fetch = answer(200, anExecution());
  open();
  await userEvent.click(screen.getByRole('button', { name: 'Fail step…' }));
  await userEvent.type(screen.getByRole('textbox', { name: 'Reason' }), 'no machine');
  await userEvent.click(screen.getByRole('button', { name: 'Fail step' }));
  await waitFor(() => expect(fetch).toHaveBeenCalled());
  const [url, init] = fetch.mock.calls[0] ?? [];
  expect(url).toBe('/api/executions/exec00000001/steps/Ask/fail/');
  expect(JSON.parse(String(init?.body))).toEqual({ reason: 'no machine' });
});

it('tells in the words of the server that somebody else was faster', async () => {
  answer(409, { code: 'callback-answered', detail: 'It was answered before.', request_id: 'req-7' });
  open({ ...CALLBACK, outputs: [] });
  await userEvent.click(screen.getByRole('button', { name: 'Complete step' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('It was answered before. Request req-7');
});

it('is off for who may only look, and gone once it was answered', () => {
  open(CALLBACK, WAITING, ['view']);
  expect(screen.getByRole('button', { name: 'Complete step' })).toBeDisabled();
  expect(screen.getByRole('button', { name: 'Fail step…' })).toBeDisabled();
});

it('says who answered', () => {
  const answered = { ...CALLBACK, answered_at: '2026-11-23T15:00:00Z', answered_by: 'otto' };
  open(answered, { ...WAITING, status: 'Succeeded', waiting_for: null });
  expect(screen.getByText('otto')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Complete step' })).toBeNull();
});

it('says that a stopped run ends with the answer', () => {
  open(CALLBACK, { ...WAITING, status: 'Stopping' });
  expect(screen.getByText(/It ends with the answer/)).toBeInTheDocument();
});
