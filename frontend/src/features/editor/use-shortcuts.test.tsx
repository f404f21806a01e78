import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { useShortcuts } from './use-shortcuts';

function Page({ onQuickAdd }: { onQuickAdd(): void }) {
  useShortcuts({ 'quick-add': onQuickAdd });
  return (
    <div data-testid="canvas">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: as the canvas is */}
      <section role="application" aria-label="Pipeline" tabIndex={0} />
      <button type="button">Fit</button>
    </div>
  );
}

it('lets the Tab key leave the canvas, and A add a step', async () => {
  const onQuickAdd = vi.fn();
  render(<Page onQuickAdd={onQuickAdd} />);
  await userEvent.tab();
  expect(screen.getByRole('application')).toHaveFocus();
  await userEvent.tab();
  expect(screen.getByRole('button', { name: 'Fit' })).toHaveFocus();
  expect(onQuickAdd).not.toHaveBeenCalled();
  await userEvent.tab({ shift: true });
  await userEvent.keyboard('a');
  expect(onQuickAdd).toHaveBeenCalledTimes(1);
});

it('adds a step by Tab for who has just pressed the canvas', async () => {
  const onQuickAdd = vi.fn();
  render(<Page onQuickAdd={onQuickAdd} />);
  await userEvent.click(screen.getByRole('application'));
  await userEvent.keyboard('{Tab}');
  expect(onQuickAdd).toHaveBeenCalledTimes(1);
});
