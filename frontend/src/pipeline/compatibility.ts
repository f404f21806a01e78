import type { Port } from './catalog';

/** What an input of a kind can take. Kinds that are not listed here connect to anything: unknown is not wrong. */
const ACCEPTS: Readonly<Record<string, readonly string[]>> = {
  // Anything that is a place in the store is data to a script.
  dataset: ['dataset', 'table', 'model', 'report', 'code'],
  // Scripts write tables too: only what surely is none is refused.
  table: ['table', 'dataset'],
  model: ['model'],
  report: ['report'],
  code: ['code'],
  metric: ['metric', 'report'],
  package: ['package'],
  'model-name': ['model-name'],
};

const WORDS: Readonly<Record<string, string>> = {
  dataset: 'data',
  table: 'a table',
  model: 'a model',
  report: 'a report',
  code: 'code',
  metric: 'a metric',
  package: 'a model package',
  'model-name': 'a model name',
};

/** Why the output does not fit the input, or null when it does. */
export function mismatch(output: Port, input: Port): string | null {
  const accepted = ACCEPTS[input.kind];
  // A folder can be wired where one file is wanted, when the input says which file that is.
  if (input.folder_file && output.kind === 'dataset') return null;
  if (accepted && output.kind !== 'any' && output.kind in ACCEPTS && !accepted.includes(output.kind)) {
    return `${input.title || input.name} takes ${kindWord(input.kind)}, not ${kindWord(output.kind)}.`;
  }
  const types = [output.json_type, input.json_type];
  if (types.includes('any') || types[0] === types[1] || output.kind === 'report') return null;
  return `${input.title || input.name} takes a ${input.json_type}, not a ${output.json_type}.`;
}

export function kindWord(kind: string): string {
  return WORDS[kind] ?? kind;
}
