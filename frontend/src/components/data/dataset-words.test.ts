import { expect, it } from 'vitest';
import { kindWord, rowWords, sizeWords } from './dataset-words';

it('tells rows and columns as people say them', () => {
  expect(sizeWords({ rows: 1461, rows_exact: true, column_count: 6 })).toBe('1,461 rows × 6 columns');
  expect(sizeWords({ rows: 1, rows_exact: true, column_count: 1 })).toBe('1 row × 1 column');
});

it('rounds what is estimated', () => {
  expect(rowWords({ rows: 1_000_101, rows_exact: false })).toBe('about 1,000,000 rows');
  expect(rowWords({ rows: 12_345, rows_exact: false })).toBe('about 12,300 rows');
});

it('knows kinds, and shows those it does not', () => {
  expect(kindWord('json-lines')).toBe('JSON lines');
  expect(kindWord('avro')).toBe('avro');
});
