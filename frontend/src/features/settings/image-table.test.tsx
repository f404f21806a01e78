import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ImageRow } from '@/api/types';
import { ImageTable } from './image-table';

const BUILT_IN: ImageRow = {
  id: null,
  pattern: 'python:*',
  title: 'Python 3 (local)',
  runtime: 'python',
  container: '',
  requires: [],
  position: null,
  enabled: true,
  built_in: true,
};
const CHURN: ImageRow = {
  ...BUILT_IN,
  id: 'i1',
  pattern: 'team/churn:*',
  title: 'Churn',
  runtime: 'container',
  container: 'churn:latest',
  position: 0,
  built_in: false,
};
const TORCH: ImageRow = {
  ...CHURN,
  id: 'i2',
  pattern: 'team/torch:*',
  title: 'Torch',
  position: 4,
  enabled: false,
};

/** What was sent to the server that stands in here; it answers every GET with `rows`. */
const sent: { method: string; path: string; body: unknown }[] = [];
let rows: ImageRow[];
let refuse: string | null;

beforeEach(() => {
  sent.length = 0;
  refuse = null;
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit) => {
    if (refuse !== null) return Response.json({ detail: refuse, code: 'refused' }, { status: 409 });
    if (method === 'GET') return Response.json({ results: rows });
    sent.push({ method, path, body: body === undefined ? null : JSON.parse(String(body)) });
    return method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json(CHURN);
  });
});
afterEach(() => vi.unstubAllGlobals());

async function open(lines: ImageRow[], mayChange = true) {
  rows = lines;
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <ImageTable mayChange={mayChange} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  if (refuse === null && lines.length > 0) await screen.findByRole('table');
}

describe('the table of images', () => {
  it('shows what each image runs as, own lines before built-in ones', async () => {
    await open([CHURN, BUILT_IN]);
    const [, churn, python] = screen.getAllByRole('row');
    expect(churn).toHaveTextContent('team/churn:*Its own commandchurn:latest');
    expect(python).toHaveTextContent('Built in');
    expect(within(python as HTMLElement).queryByRole('button')).not.toBeInTheDocument();
  });

  it('can only be read by those who may not change it', async () => {
    await open([CHURN, BUILT_IN], false);
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
    expect(screen.queryByRole('switch')).not.toBeInTheDocument();
    expect(screen.getByText('Admins of the workspace can change this table.')).toBeInTheDocument();
  });

  it('says when nothing was added yet', async () => {
    await open([BUILT_IN]);
    expect(screen.getByText(/No lines of your own yet/)).toBeInTheDocument();
  });

  it('says why it cannot be shown and reads it again when asked', async () => {
    refuse = 'The database is away.';
    await open([CHURN]);
    expect(await screen.findByText('The database is away.')).toBeInTheDocument();
    refuse = null;
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByRole('table')).toBeInTheDocument();
  });

  it('takes a new line with everything that was typed', async () => {
    await open([BUILT_IN]);
    await userEvent.click(screen.getByRole('button', { name: 'Add image' }));
    await userEvent.type(await screen.findByLabelText(/^Image/), ' team/torch:2 ');
    await userEvent.type(screen.getByLabelText(/^Python modules/), 'torch, lightgbm,');
    await userEvent.click(screen.getByRole('button', { name: 'Add' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
    expect(sent).toEqual([
      {
        method: 'POST',
        path: '/api/images/',
        body: {
          pattern: 'team/torch:2',
          title: '',
          runtime: 'python',
          container: '',
          requires: ['torch', 'lightgbm'],
        },
      },
    ]);
  });

  it('keeps what was typed when the server refuses it', async () => {
    await open([CHURN]);
    await userEvent.click(screen.getByRole('button', { name: 'Edit Churn' }));
    const pattern = await screen.findByLabelText(/^Image/);
    await userEvent.clear(pattern);
    await userEvent.type(pattern, '*');
    refuse = 'It would match every image.';
    await userEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('It would match every image.');
    expect(pattern).toHaveValue('*');
  });

  it('switches lines and moves them to the place of the line above', async () => {
    await open([CHURN, TORCH, BUILT_IN]);
    await userEvent.click(screen.getByRole('switch', { name: 'Use Torch' }));
    expect(screen.queryByRole('button', { name: 'Move Churn up' })).not.toBeInTheDocument();
    await waitFor(() => expect(screen.getByRole('button', { name: 'Move Torch up' })).toBeEnabled());
    await userEvent.click(screen.getByRole('button', { name: 'Move Torch up' }));
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent).toEqual([
      { method: 'PATCH', path: '/api/images/i2/', body: { enabled: true } },
      { method: 'PATCH', path: '/api/images/i2/', body: { position: 0 } },
    ]);
  });

  it('deletes a line only after asking', async () => {
    await open([CHURN]);
    await userEvent.click(screen.getByRole('button', { name: 'Delete Churn' }));
    expect(sent).toEqual([]);
    const dialog = await screen.findByRole('dialog', { name: 'Delete Churn?' });
    await userEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(sent).toEqual([{ method: 'DELETE', path: '/api/images/i1/', body: null }]));
  });
});
