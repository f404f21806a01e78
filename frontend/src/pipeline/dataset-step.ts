import { isObject, items } from './json';
import { kindOfReference, OPTIONS, writeOption } from './library';
import type { PaletteEntry } from './palette';
import { applyPatch } from './patch';
import { child, valueAt } from './pointer';

/** A file and how it is read; "auto" and absent members are left to be found out. */
export interface DatasetSource {
  name: string;
  uri: string;
  options: {
    delimiter?: string | null;
    encoding?: string | null;
    header?: boolean | null;
    decimal?: string | null;
    types?: Readonly<Record<string, string>>;
  };
  /** What was found out where nobody said anything. */
  found: { header?: boolean | null };
}

const LOAD = kindOfReference('load-table@1');
/** Delimiters nobody can see have names. */
const NAMED: Readonly<Record<string, string>> = { '\t': 'tab', ' ': 'space' };
const INPUTS = '/Arguments/ProcessingInputs';

/** The palette's Load table, filled in to read this dataset; null where the library has none. */
export function loadEntry(entries: readonly PaletteEntry[], source: DatasetSource): PaletteEntry | null {
  const entry = entries.find((candidate) => candidate.id === LOAD);
  if (!entry) return null;
  const inputs = items(valueAt(entry.template, INPUTS));
  const place = inputs.findIndex((one) => valueAt(one, '/InputName') === 'file');
  if (place < 0) return null;
  const words = optionWords(source);
  const { document } = applyPatch(entry.template, [
    { op: 'add', path: child(INPUTS, place, 'S3Input', 'S3Uri'), value: source.uri },
    ...(words.length > 0 ? [{ op: 'add' as const, path: OPTIONS, value: words }] : []),
  ]);
  return isObject(document) ? { ...entry, title: `Load ${source.name}`, template: document } : null;
}

function optionWords({ options, found }: DatasetSource): string[] {
  const { delimiter, encoding, decimal, types } = options;
  // The step finds out everything but this: it takes the first line for names.
  const header = options.header ?? (found.header === false ? false : null);
  const words: string[] = [];
  if (delimiter) words.push('--delimiter', NAMED[delimiter] ?? delimiter);
  if (encoding) words.push('--encoding', encoding);
  if (header !== null) words.push('--header', String(header));
  if (decimal) words.push('--decimal', decimal);
  if (types && Object.keys(types).length > 0) words.push('--types', writeOption({ ...types }));
  return words;
}
