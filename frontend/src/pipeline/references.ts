import { isObject, type Json, member } from './json';
import { child } from './pointer';

/** One `{"Get": "…"}` in a document: where it stands and what it names. */
export interface Reference {
  /** JSON pointer of the object that holds `Get`. */
  pointer: string;
  root: 'Parameters' | 'Execution' | 'Steps' | 'ForEach' | 'IterationOutput' | 'Unknown';
  /** Parameter, step or execution variable name. */
  name: string;
  /** What follows the name, without the leading dot: `S3Output.S3Uri`, `[0].Field`, "" when nothing does. */
  path: string;
}

const ROOTS = new Set(['Parameters', 'Execution', 'Steps', 'ForEach', 'IterationOutput']);

/** The reference a value is, or undefined when it is anything else. */
export function asReference(value: Json | undefined, pointer = ''): Reference | undefined {
  const get = member(value, 'Get');
  if (typeof get !== 'string' || !isObject(value) || Object.keys(value).length !== 1) return undefined;
  return { pointer, ...splitReference(get) };
}

export function splitReference(expression: string): Omit<Reference, 'pointer'> {
  const dot = expression.indexOf('.');
  const root = dot < 0 ? expression : expression.slice(0, dot);
  const rest = dot < 0 ? '' : expression.slice(dot + 1);
  const end = rest.search(/[.[]/);
  const name = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? '' : rest.slice(end);
  return {
    root: ROOTS.has(root) ? (root as Reference['root']) : 'Unknown',
    name,
    path: tail.startsWith('.') ? tail.slice(1) : tail,
  };
}

/** Every reference inside a value, in document order. */
export function references(value: Json | undefined, pointer = ''): Reference[] {
  const found: Reference[] = [];
  const stack: [Json | undefined, string][] = [[value, pointer]];
  while (stack.length > 0) {
    const [current, at] = stack.pop() as [Json | undefined, string];
    const reference = asReference(current, at);
    if (reference) {
      found.push(reference);
    } else if (Array.isArray(current)) {
      for (let index = current.length - 1; index >= 0; index -= 1) {
        stack.push([current[index], child(at, index)]);
      }
    } else if (isObject(current)) {
      for (const key of Object.keys(current).reverse()) stack.push([current[key], child(at, key)]);
    }
  }
  return found;
}

/** A Get text with a step renamed wherever the grammar names one; null when it names another. */
export function renamedGet(expression: string, from: string, to: string): string | null {
  const name = from.replace(/[^A-Za-z0-9_-]/g, '\\$&');
  const head = '(Steps\\.|IterationOutput\\.|Steps\\.[^.\\[\\]]+\\.IterationOutputs\\[\\d+\\]\\.)';
  const found = new RegExp(`^${head}${name}(?=[.[]|$)`).exec(expression);
  return found ? found[1] + to + expression.slice(found[0].length) : null;
}

/** The last quoted key of a path: "Outputs['train'].S3Output" → "train". */
export function lastQuoted(path: string): string | null {
  for (const mark of ["'", '"']) {
    const at = path.lastIndexOf(`[${mark}`);
    if (at >= 0) return path.slice(at + 2).split(`${mark}]`)[0] ?? null;
  }
  return null;
}
