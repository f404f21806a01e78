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
  return rows_exact ? count(rows, 'row') : `about ${count(rounded(rows), 'row')}`;
}

/** Three digits that count: an estimate is no better. */
function rounded(number: number): number {
  return Number(number.toPrecision(3));
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? word : `${word}s`}`;
}
