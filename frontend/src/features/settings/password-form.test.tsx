import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PasswordForm } from './password-form';

const sent: unknown[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', async (_: RequestInfo, init?: RequestInit) => {
    sent.push(JSON.parse(String(init?.body)));
    return new Response(null, { status: 204 });
  });
});

afterEach(() => vi.unstubAllGlobals());

function show(hasPassword: boolean): void {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider>
        <PasswordForm hasPassword={hasPassword} />
      </MantineProvider>
    </QueryClientProvider>,
  );
}

describe('setting a password', () => {
  it('sends the current one along where there is one', async () => {
    show(true);
    await userEvent.type(screen.getByLabelText('Current password'), 'old and good');
    await userEvent.type(screen.getByLabelText(/New password/), 'new and better');
    await userEvent.click(screen.getByRole('button', { name: 'Change password' }));
    await waitFor(() =>
      expect(sent).toEqual([{ password: 'new and better', current_password: 'old and good' }]),
    );
  });

  it('asks for no current one the first time', async () => {
    show(false);
    expect(screen.queryByLabelText('Current password')).toBeNull();
    await userEvent.type(screen.getByLabelText(/Password/), 'new and better');
    await userEvent.click(screen.getByRole('button', { name: 'Set password' }));
    await waitFor(() => expect(sent).toEqual([{ password: 'new and better' }]));
  });
});
