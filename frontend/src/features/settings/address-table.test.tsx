import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { mapAddress, unmapAddress } from '@/api/readiness';
import type { UriMapping } from '@/api/types';
import { AddressTable } from './address-table';

const LINE: UriMapping = {
  id: 'm1',
  prefix: 's3://theirs/raw',
  target: 's3://ours/raw',
  created_by: 'olive',
  created_at: '2026-11-23T12:00:00Z',
};
let lines: UriMapping[] = [];

vi.mock('@/api/readiness', () => ({
  uriMappingsQuery: () => ({ queryKey: ['uri-mappings'], queryFn: async () => ({ results: lines }) }),
  mapAddress: vi.fn(),
  unmapAddress: vi.fn(),
}));

function show(mayChange = true) {
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <AddressTable mayChange={mayChange} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

beforeEach(() => {
  lines = [LINE];
  vi.clearAllMocks();
});

test('a line is read and deleted', async () => {
  vi.mocked(unmapAddress).mockImplementation(async () => {
    lines = [];
  });
  show();
  expect(await screen.findByText('s3://ours/raw')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Delete s3://theirs/raw' }));
  expect(vi.mocked(unmapAddress).mock.calls[0]?.[0]).toBe('m1');
  expect(await screen.findByText('Every address is read as it is.')).toBeInTheDocument();
});

test('a new line is saved, and a refusal leaves what was typed', async () => {
  vi.mocked(mapAddress).mockRejectedValueOnce(new Error('s3:// and a bucket were expected.'));
  show();
  await userEvent.type(screen.getByRole('textbox', { name: 'A definition says' }), 's3://theirs/b');
  await userEvent.type(screen.getByRole('textbox', { name: 'Steps read' }), 'ours');
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('s3:// and a bucket were expected.');
  expect(screen.getByRole('textbox', { name: 'Steps read' })).toHaveValue('ours');
  vi.mocked(mapAddress).mockResolvedValueOnce(LINE);
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(vi.mocked(mapAddress).mock.calls[1]).toEqual(['s3://theirs/b', 'ours']);
});

test('others only read', async () => {
  show(false);
  expect(await screen.findByText('s3://theirs/raw')).toBeInTheDocument();
  expect(screen.queryByRole('button')).toBeNull();
});
