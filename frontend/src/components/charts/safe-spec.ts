import type { Cell } from '@/execution/summary';

type Json = unknown;
type Spec = Record<string, Json>;

/** Members of a Vega-Lite specification that would fetch or lead somewhere. */
const LEADING = new Set(['url', 'href', 'usermeta', '$schema', 'config', 'background']);
/** Taller pictures than this scroll the drawer away. */
const MOST_HEIGHT = 480;
const HEIGHT = 240;
const TALL = 520;

/**
 * A chart as a step wrote it, made safe and ours: nothing is fetched, nothing is a link, colours come from the theme,
 * and it is as wide as the place it stands in (`large`: and taller).
 */
export function safeSpec(spec: Spec, large = false): Spec {
  const clean = scrub(spec) as Spec;
  const { width: _width, height, ...rest } = clean;
  if (isComposed(clean)) return rest;
  return {
    ...rest,
    width: 'container',
    height: heightOf(height ?? rowHeight(clean), large),
    autosize: { type: 'fit-x', contains: 'padding' },
  };
}

/** Names down the side get a line each, so that none covers the next; null where the side has no names. */
function rowHeight(spec: Spec): Json {
  const { encoding } = spec as { encoding?: { y?: { field?: Json; type?: Json } } };
  const { field, type } = encoding?.y ?? {};
  if (typeof field !== 'string' || (type !== 'nominal' && type !== 'ordinal')) return null;
  const count = new Set(dataOf(spec).map((row) => row[field])).size;
  const isGrid = JSON.stringify([spec.mark, spec.layer]).includes('"rect"');
  if (isGrid) return { step: count <= 4 ? 60 : count <= 10 ? 36 : 20 };
  return { step: count <= 4 ? 36 : count <= 12 ? 24 : 18 };
}

function heightOf(given: Json, large: boolean): Json {
  if (typeof given === 'object' && given !== null && 'step' in given) {
    return large && typeof given.step === 'number' ? { step: given.step * 1.6 } : given;
  }
  if (large) return TALL;
  return typeof given === 'number' ? Math.min(MOST_HEIGHT, Math.max(80, given)) : HEIGHT;
}

const isComposed = (spec: Spec): boolean =>
  ['hconcat', 'vconcat', 'concat', 'facet', 'repeat'].some((member) => member in spec);

function scrub(value: Json): Json {
  if (Array.isArray(value)) return value.map(scrub);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => !LEADING.has(name));
  // The rows of the chart are the step's own: a column may be called "url".
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, name === 'values' && Array.isArray(inner) ? inner : scrub(inner)]),
  );
}

/** The rows a chart draws, for those who read rather than look. Null when its data is not plain rows. */
export function chartRows(spec: Spec): { columns: string[]; rows: Cell[][] } | null {
  const records = dataOf(spec);
  if (records.length === 0) return null;
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return { columns, rows: records.map((record) => columns.map((column) => cell(record[column]))) };
}

/** The first data with rows, of the chart itself or of its layers and parts. */
function dataOf(spec: Spec): Spec[] {
  const { data } = spec as { data?: { values?: Json } };
  const own = Array.isArray(data?.values) ? data.values : [];
  const records = own.filter((row): row is Spec => typeof row === 'object' && row !== null);
  if (records.length > 0) return records;
  for (const member of ['layer', 'hconcat', 'vconcat', 'concat']) {
    const parts = spec[member];
    for (const part of Array.isArray(parts) ? parts : []) {
      const found = typeof part === 'object' && part !== null ? dataOf(part as Spec) : [];
      if (found.length > 0) return found;
    }
  }
  return [];
}

function cell(value: Json): Cell {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
}
