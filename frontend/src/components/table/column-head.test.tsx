import { render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Column } from '@/execution/summary';
import { ColumnHead } from './column-head';

function spread(min: string, max: string): Column {
  const histogram = { edges: [min, max], counts: [2] };
  return { name: 'at', type: 'datetime', missing: 0, distinct: 2, min, max, mean: null, histogram, top: [] };
}

it('says which days moments lie between, and the moments themselves on hovering', () => {
  render(<ColumnHead name="at" column={spread('2025-01-01T00:00:07+00:00', '2025-12-28T23:59:07+00:00')} />);
  const range = screen.getByText('2025-01-01 – 2025-12-28');
  expect(range).toHaveAttribute('title', '2025-01-01T00:00:07+00:00 – 2025-12-28T23:59:07+00:00');
});

it('says the hours of moments on one day', () => {
  render(<ColumnHead name="at" column={spread('2025-01-01T00:00:07', '2025-01-01T23:00:00')} />);
  expect(screen.getByText('2025-01-01T00:00:07 – 2025-01-01T23:00:00')).toBeInTheDocument();
});
