import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { setNetwork } from '@/api/session';
import type { Session } from '@/api/types';
import { NetworkSetting } from './network-setting';

vi.mock('@/api/session', async (original) => ({ ...(await original()), setNetwork: vi.fn() }));

function show(facts: Partial<Session>) {
  const session = { permissions: ['manage-workspace'], runner: null, workspace: { network: true }, ...facts };
  render(
    <MantineProvider>
      <QueryClientProvider client={new QueryClient()}>
        <NetworkSetting session={session as Session} />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return screen.getByRole('switch', { name: 'Steps may use the network' });
}

test('an admin cuts steps off the network', async () => {
  vi.mocked(setNetwork).mockResolvedValue({} as Session['workspace']);
  const found = show({});
  expect(found).toBeChecked();
  await userEvent.click(found);
  expect(vi.mocked(setNetwork).mock.calls[0]?.[0]).toBe(false);
});

test('a refusal is said', async () => {
  vi.mocked(setNetwork).mockRejectedValue(new Error('The server is away.'));
  await userEvent.click(show({}));
  expect(await screen.findByRole('alert')).toHaveTextContent('The server is away.');
});

test('others see what is set and who may change it', () => {
  expect(show({ permissions: [] })).toBeDisabled();
  expect(screen.getByText(/Admins of the workspace can change this/)).toBeInTheDocument();
});

test('plain processes cannot be cut off, and it says so', () => {
  show({ runner: { kind: 'process', reason: 'No sandbox.', trusted_only: true } });
  expect(screen.getByText(/cannot be cut off/)).toBeInTheDocument();
});
