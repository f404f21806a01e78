import { expressionKind, isNumber, isObject, type Json, member, text } from './json';
import { type Reference, splitReference } from './references';
import { textOfOne } from './template';

/** Where a field's value comes from. */
export type Source = 'fixed' | 'parameter' | 'output' | 'expression';

export const SOURCE_WORDS: Record<Source, string> = {
  fixed: 'Fixed',
  parameter: 'Parameter',
  output: 'Step output',
  expression: 'Expression',
};

export function sourceOf(written: Json | undefined): Source {
  const value = textOfOne(written) ?? written;
  const reference = plainReference(value);
  if (reference?.root === 'Parameters') return 'parameter';
  if (reference?.root === 'Steps') return 'output';
  if (reportRead(value)) return 'output';
  return expressionKind(value) === null ? 'fixed' : 'expression';
}

/** The reference a value plainly is: `{"Get": "…"}`, at most turned into a text. */
export function plainReference(written: Json | undefined): Omit<Reference, 'pointer'> | null {
  const value = textOfOne(written) ?? written;
  return expressionKind(value) === 'Get' ? splitReference(text(member(value, 'Get')) ?? '') : null;
}

/** A value read from a step's report: which report, and the path inside it. */
export function reportRead(value: Json | undefined): { step: string; report: string; path: string } | null {
  const read = member(value, 'Std:JsonGet');
  const reference = plainReference(member(read, 'PropertyFile'));
  if (expressionKind(value) !== 'Std:JsonGet' || reference?.root !== 'Steps') return null;
  return {
    step: reference.name,
    report: reference.path.replace(/^PropertyFiles\./, ''),
    path: text(member(read, 'Path')) ?? '',
  };
}

/** A value in the words a person would use for it: "Split.train", "Parameters.Rounds", "accuracy of Evaluate". */
export function describe(value: Json | undefined): string {
  const reference = plainReference(value);
  if (reference?.root === 'Steps') return `${reference.name}.${shortPath(reference.path)}`;
  if (reference) return `${reference.root}.${reference.name}${reference.path ? `.${reference.path}` : ''}`;
  const read = reportRead(value);
  if (read) return `${read.path || '?'} of ${read.step}.${read.report}`;
  const join = member(value, 'Std:Join');
  if (isObject(join) && Array.isArray(join.Values))
    return join.Values.map(describe).join(text(join.On) ?? '');
  if (typeof value === 'string') return value;
  if (isNumber(value) || typeof value === 'boolean') return value.toString();
  return value === undefined || value === null ? '' : '…';
}

function shortPath(path: string): string {
  const quoted = /\['([^']+)'\]/.exec(path)?.[1];
  return quoted ?? (path.includes('S3ModelArtifacts') ? 'model' : (path.split('.').at(-1) ?? path));
}
