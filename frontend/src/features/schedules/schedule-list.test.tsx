import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { sessionQuery } from '@/api/session';
import type { Schedule } from '@/api/types';
import { ScheduleList } from './schedule-list';

const NIGHTLY: Schedule = {
  id: 's1',
  name: 'nightly',
  group: 'default',
  pipeline: { id: 'p1', name: 'churn', display_name: '' },
  description: '',
  expression: 'cron(0 2 * * ? *)',
  zone: 'Europe/Berlin',
  words: 'At 02:00, every day',
  enabled: true,
  start_date: null,
  end_date: null,
  alias: '',
  parameters: { Trees: '30' },
  owner: 'otto',
  next_fires: ['2026-11-24T01:00:00Z', '2026-11-25T01:00:00Z'],
  last: {
    due: '2026-11-23T01:00:00Z',
    at: '2026-11-23T01:00:01Z',
    outcome: 'refused',
    note: 'The value of Rate is missing.',
    execution: null,
  },
  created_at: '2026-11-01T00:00:00Z',
  updated_at: '2026-11-01T00:00:00Z',
} as unknown as Schedule;
const PREVIEW = { expression: 'x', words: 'Every 6 hours', next_fires: ['2026-11-24T01:00:00Z'] };

const sent: { method: string; path: string; body: unknown }[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit) => {
    if (method === 'GET') return Response.json(path.includes('preview') ? PREVIEW : { results: [NIGHTLY] });
    sent.push({ method, path, body: body === undefined ? null : JSON.parse(String(body)) });
    return method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json(NIGHTLY);
  });
});
afterEach(() => vi.unstubAllGlobals());

function open(permissions: string[]) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(sessionQuery().queryKey, { role: 'operator', permissions } as never);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <ScheduleList pipelineId="p1" published />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

it('says when in words, the next times, and why the last one started nothing', async () => {
  open(['view']);
  expect(await screen.findByText(/At 02:00, every day/)).toBeInTheDocument();
  expect(screen.getByText('Not started')).toBeInTheDocument();
  expect(screen.getByText('The value of Rate is missing.')).toBeInTheDocument();
  expect(screen.getByText('as otto')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'New schedule' })).not.toBeInTheDocument();
  expect(screen.getByRole('switch')).toBeDisabled();
});

it('pauses', async () => {
  open(['manage-schedules']);
  await userEvent.click(await screen.findByRole('switch', { name: 'Run nightly by the clock' }));
  await waitFor(() => expect(sent[0]).toMatchObject({ method: 'PATCH', body: { enabled: false } }));
});

it('makes one from words, with values', async () => {
  open(['manage-schedules']);
  await userEvent.click(await screen.findByRole('button', { name: 'New schedule' }));
  fireEvent.change(screen.getByLabelText(/Name/), { target: { value: 'mornings' } });
  fireEvent.change(screen.getByLabelText(/Parameters/), { target: { value: 'Trees = 50' } });
  expect(await screen.findByText('Every 6 hours')).toBeInTheDocument();
  fireEvent.click(screen.getByText('Create'));
  await waitFor(() =>
    expect(sent[0]).toMatchObject({
      path: expect.stringContaining('pipelines/p1/schedules/'),
      body: { name: 'mornings', expression: 'cron(0 7 * * ? *)', parameters: { Trees: '50' } },
    }),
  );
});

it('deletes after asking', async () => {
  open(['manage-schedules']);
  await userEvent.click(await screen.findByRole('button', { name: 'Delete nightly' }));
  await userEvent.click(screen.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(sent[0]).toMatchObject({ method: 'DELETE' }));
});
