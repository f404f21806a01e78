import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Readiness } from '@/api/types';
import { EditorContext } from '../editor-context';
import { UriReadiness } from './uri-readiness';

const sent: unknown[] = [];
let refuse = false;

beforeEach(() => {
  sent.length = 0;
  refuse = false;
  vi.stubGlobal('fetch', async (path: string, { body }: RequestInit) => {
    sent.push([path, JSON.parse(String(body))]);
    return refuse
      ? Response.json({ code: 'uri-mapping-invalid', detail: 'It lies below itself.' }, { status: 400 })
      : Response.json({});
  });
});
afterEach(() => vi.unstubAllGlobals());

const URIS = [
  { uri: 's3://ours/a', state: 'present', target: '', steps: ['Read'], pointer: '/Steps/0' },
  { uri: 's3://theirs/b', state: 'missing', target: '', steps: ['Read', 'Join'], pointer: '/Steps/1' },
] as Readiness['uris'];

function open(onMapped = vi.fn()) {
  const scene = { pipeline: { id: 'p1', name: 'churn' }, readOnly: false } as never;
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <EditorContext.Provider value={scene}>
          <UriReadiness uris={URIS} onMapped={onMapped} onGo={vi.fn()} />
        </EditorContext.Provider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return onMapped;
}

it('maps what is missing, and only that', async () => {
  const onMapped = open();
  expect(screen.getByText('1 of 2 addresses are there')).toBeInTheDocument();
  fireEvent.change(screen.getByLabelText('are read below'), { target: { value: 's3://ours/copy' } });
  fireEvent.click(screen.getByRole('button', { name: 'Map' }));
  await waitFor(() => expect(onMapped).toHaveBeenCalled());
  expect(sent).toEqual([
    [expect.stringContaining('uri-mappings/'), { prefix: 's3://theirs/b', target: 's3://ours/copy' }],
  ]);
});

it('says why a line was refused', async () => {
  refuse = true;
  open();
  fireEvent.change(screen.getByLabelText('are read below'), { target: { value: 's3://theirs/b/c' } });
  fireEvent.click(screen.getByRole('button', { name: 'Map' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('It lies below itself.');
});
