import type { DatasetVersion } from '@/api/datasets';

const KINDS: Record<string, string> = {
  csv: 'CSV',
  tsv: 'TSV',
  'json-lines': 'JSON lines',
  parquet: 'Parquet',
};

export function kindWord(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** "1,461 rows × 6 columns"; "about" where rows were estimated. */
export function sizeWords(version: Pick<DatasetVersion, 'rows' | 'rows_exact' | 'column_count'>): string {
  return `${rowWords(version)} × ${count(version.column_count, 'column')}`;
}

export function rowWords({ rows, rows_exact }: Pick<DatasetVersion, 'rows' | 'rows_exact'>): string {
  return `${rows_exact ? '' : 'about '}${count(rows, 'row')}`;
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? word : `${word}s`}`;
}
