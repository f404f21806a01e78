import { MantineProvider } from '@mantine/core';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { HINTS, hintsSeen, rememberHints } from '@/lib/tour';
import { TourBar } from './tour-bar';

function show(user: string): void {
  render(
    <MantineProvider env="test">
      <TourBar user={user} />
    </MantineProvider>,
  );
}

describe('the first steps', () => {
  beforeEach(() => localStorage.clear());

  it('are five hints, each gone for good when dismissed', async () => {
    const user = userEvent.setup();
    expect(HINTS).toHaveLength(5);
    show('olive');
    for (const hint of HINTS) {
      expect(screen.getByText(hint.text)).toBeVisible();
      expect(document.body.dataset.hint).toBe(hint.points);
      await user.click(screen.getByRole('button', { name: /Got it|Done/ }));
    }
    expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull();
    expect(document.body.dataset.hint).toBeUndefined();
    expect(hintsSeen('olive')).toBe(5);
  });

  it('are skipped at once with the keyboard', async () => {
    const user = userEvent.setup();
    show('olive');
    await user.tab();
    await user.tab();
    await user.keyboard('{Enter}');
    expect(screen.queryByRole('region', { name: 'First steps' })).toBeNull();
  });

  it('go on where one left them, for each person', () => {
    rememberHints('olive', 3);
    show('olive');
    expect(screen.getByText('4 of 5')).toBeVisible();
    expect(hintsSeen('miles')).toBe(0);
  });
});
