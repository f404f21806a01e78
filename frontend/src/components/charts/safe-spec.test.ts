import { describe, expect, it } from 'vitest';
import { chartRows, safeSpec } from './safe-spec';

const VALUES = [
  { fpr: 0, tpr: 0, url: 'a' },
  { fpr: 1, tpr: 1, url: 'b' },
];

describe('a chart a step wrote', () => {
  it('fetches nothing and leads nowhere', () => {
    const spec = {
      data: { url: 'https://elsewhere/data.csv' },
      mark: { type: 'point', href: 'javascript:alert(1)' },
      encoding: { href: { field: 'link' }, x: { field: 'a' }, url: { field: 'picture' } },
      layer: [{ data: { url: 'x' }, mark: 'line' }],
    };
    expect(JSON.stringify(safeSpec(spec))).not.toMatch(/url|href|javascript/);
  });

  it('keeps its own rows, whatever the columns are called', () => {
    expect(safeSpec({ data: { values: VALUES }, mark: 'line' }).data).toEqual({ values: VALUES });
  });

  it('is as wide as its place and never too tall', () => {
    expect(safeSpec({ mark: 'line', width: 2000, height: 9000 })).toMatchObject({
      width: 'container',
      height: 480,
    });
    expect(safeSpec({ mark: 'bar', height: { step: 20 } }).height).toEqual({ step: 20 });
    expect(safeSpec({ mark: 'bar', height: 200 }, true).height).toBe(520);
    expect(safeSpec({ hconcat: [], width: 5 })).toEqual({ hconcat: [] });
  });

  it('gives every name down the side a line of its own', () => {
    const bars = (count: number) => ({
      data: { values: Array.from({ length: count }, (_, index) => ({ name: `n${index}` })) },
      mark: 'bar',
      encoding: { y: { field: 'name', type: 'nominal' } },
    });
    expect(safeSpec(bars(2)).height).toEqual({ step: 36 });
    expect(safeSpec(bars(30)).height).toEqual({ step: 18 });
    expect(safeSpec({ ...bars(3), mark: { type: 'rect' } }).height).toEqual({ step: 60 });
    expect(safeSpec({ ...bars(30), height: 100 }).height).toBe(100);
  });

  it('takes its colours from the theme', () => {
    expect(safeSpec({ mark: 'line', config: { background: 'black' }, background: 'red' })).not.toHaveProperty(
      'config',
    );
  });
});

describe('a chart as a table', () => {
  it('has the rows it draws', () => {
    const rows = chartRows({ layer: [{ mark: 'rule' }, { data: { values: [{ x: 1 }, { y: { a: 1 } }] } }] });
    expect(rows).toEqual({
      columns: ['x', 'y'],
      rows: [
        [1, null],
        [null, '{"a":1}'],
      ],
    });
  });

  it('is missing when the chart has no rows of its own', () => {
    expect(chartRows({ data: { sequence: { start: 0, stop: 10 } }, mark: 'line' })).toBeNull();
  });
});
