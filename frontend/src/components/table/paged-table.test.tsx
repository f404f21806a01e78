import { expect, it } from 'vitest';
import type { ColumnPage } from '@/execution/summary';
import { pageWords } from './paged-table';

function page(figures: Partial<ColumnPage>, columns: number): ColumnPage {
  const one = {
    name: 'a',
    type: 'integer' as const,
    missing: 0,
    distinct: 1,
    min: 1,
    max: 1,
    mean: 1,
    histogram: null,
    top: [],
  };
  return {
    total: 5000,
    found: 5000,
    offset: 0,
    places: [],
    columns: Array.from({ length: columns }, () => one),
    preview: { columns: [], rows: [] },
    sample: null,
    profile: 'ready',
    ...figures,
  };
}

it('says which columns are shown', () => {
  expect(pageWords(page({ offset: 100 }, 100), '')).toBe('Columns 101–200 of 5,000');
  expect(pageWords(page({ found: 12 }, 12), 'gene')).toBe('12 of 5,000 columns');
  expect(pageWords(page({ found: 1200, offset: 1100 }, 100), 'gene')).toBe(
    '1,101–1,200 of 1,200 found columns',
  );
});

it('says what a search did not find', () => {
  expect(pageWords(page({ found: 0 }, 0), 'x')).toBe("No column's name has “x” in it; there are 5,000.");
});
