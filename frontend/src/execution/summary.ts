/** What a step says of its results in `_summary.json`, as the server cleaned it: every member is there, of its type. */

export type Cell = string | number | boolean | null;
export type ColumnType = 'integer' | 'number' | 'text' | 'boolean' | 'date' | 'datetime' | 'other';

export interface Histogram {
  /** One more than `counts`. */
  edges: Cell[];
  counts: number[];
}

export interface Column {
  name: string;
  type: ColumnType;
  missing: number | null;
  distinct: number | null;
  min: Cell;
  max: Cell;
  mean: number | null;
  histogram: Histogram | null;
  top: { value: Cell; count: number }[];
}

export interface ChartFigure {
  title: string;
  /** confusion-matrix, roc, precision-recall, residuals, feature-importance, metric-table, forecast, … */
  kind: string;
  /** Vega-Lite with its data inline. */
  spec: Record<string, unknown>;
}

export interface Summary {
  kind: 'table' | 'model' | 'evaluation' | 'report';
  rows: number | null;
  columns: Column[];
  preview: { columns: string[]; rows: Cell[][] } | null;
  metrics: Record<string, number>;
  key: KeyFigure | null;
  charts: ChartFigure[];
  warnings: string[];
  /** Figures come from a part of the rows. */
  sampled: boolean;
}

/** Which columns: those whose name holds `search`, from the `offset`th of them on; `full` has every row of them read. */
export interface ColumnsWanted {
  search: string;
  offset: number;
  full: boolean;
}

/** Some columns of a table, with their figures and first values. */
export interface ColumnPage {
  /** Columns of the table, and how many of them were found. */
  total: number;
  found: number;
  offset: number;
  /** Of the given columns, counted from 0. */
  places: number[];
  columns: Column[];
  preview: { columns: string[]; rows: Cell[][] };
  /** The first rows, which the figures are about; null when every row was read. */
  sample: { rows: number; exact: boolean } | null;
  profile: 'ready' | 'running' | 'none' | 'failed';
}

export interface KeyFigure {
  label: string;
  value: number | string;
}

export interface OutputFigures {
  files: number;
  size: number;
  kind?: string;
  rows?: number;
  columns?: number;
}

/** The few figures that travel with a step's success. */
export interface ResultsDigest {
  key?: KeyFigure;
  outputs?: Record<string, OutputFigures>;
}

/** "455 rows × 31 columns"; null for what is no table. */
export function tableWords(figures: { rows?: number | null; columns?: number | null }): string | null {
  const parts = [count(figures.rows, 'row'), count(figures.columns, 'column')].filter(
    (part) => part !== null,
  );
  return parts.length > 0 ? parts.join(' × ') : null;
}

function count(number: number | null | undefined, word: string): string | null {
  if (number === null || number === undefined) return null;
  return `${number.toLocaleString('en-US')} ${number === 1 ? word : `${word}s`}`;
}

/** What was found comes first, and then the model it was found about. */
export function inReadingOrder<T extends { summary: { kind: string } | null }>(outputs: readonly T[]): T[] {
  const last = (output: T) => Number(output.summary?.kind === 'model');
  return [...outputs].sort((a, b) => last(a) - last(b));
}
