import { type StepEntry, stepEntries } from '../definition';
import { identical, isObject, type Json, type JsonObject, member } from '../json';
import { applyPatch, type Patch, type PatchOperation } from '../patch';
import { child, parsePointer, valueAt } from '../pointer';

/** The two documents of a draft. */
export interface DraftDocuments {
  definition: Json;
  layout: Json;
}

/** One thing a person did: what it is called in the history, and what it changes. Empty patches: it was so already. */
export interface Edit {
  /** The command's name, as the server knows it: `connect`, `rename_step`. */
  name: string;
  /** The line in the history: "Connect Split to TrainXGBoost". */
  label: string;
  definition: Patch;
  layout: Patch;
}

/** The command does not fit the documents. `code` is for machines, the message a sentence for the person. */
export class EditRefused extends Error {
  override name = 'EditRefused';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A document and the operations applied to it so far; each is addressed in what the previous ones left. */
export class Sketch {
  readonly patch: Patch = [];

  constructor(public document: Json) {}

  apply(operation: PatchOperation): void {
    this.document = applyPatch(this.document, [operation]).document;
    this.patch.push(operation);
  }

  add(path: string, value: Json, before?: string): void {
    this.apply({ op: 'add', path, value, ...(before === undefined ? {} : { before }) });
  }

  replace(path: string, value: Json): void {
    this.apply({ op: 'replace', path, value });
  }

  remove(path: string): void {
    this.apply({ op: 'remove', path });
  }

  move(from: string, path: string, before?: string): void {
    this.apply({ op: 'move', from, path, ...(before === undefined ? {} : { before }) });
  }

  at(pointer: string): Json | undefined {
    return valueAt(this.document, pointer);
  }

  /**
   * Set the value at base + pointer with one operation, or none when it is there already. Missing objects on the
   * way come with it, as a list where the next token is "0". A list takes a new item only at its end.
   */
  put(base: string, pointer: string, value: Json): void {
    const tokens = parsePointer(pointer);
    let here = this.at(base);
    for (const [depth, token] of tokens.entries()) {
      if (!Array.isArray(here) && !isObject(here)) {
        throw new EditRefused('no-such-place', `${base}${pointer} lies inside a value that holds nothing.`);
      }
      const found: Json | undefined = valueAt(here, child('', token));
      const path = child(base, ...tokens.slice(0, depth + 1));
      const nested = nest(tokens.slice(depth + 1), value);
      if (found === undefined) {
        if (Array.isArray(here) && token !== String(here.length)) {
          throw new EditRefused('no-such-place', `${path} is no place in a list of ${here.length}.`);
        }
        this.add(path, nested);
        return;
      }
      if (depth === tokens.length - 1 || found === null) {
        if (!identical(found, nested)) this.replace(path, nested);
        return;
      }
      here = found;
    }
  }
}

function nest(tokens: readonly string[], value: Json): Json {
  return tokens.reduceRight<Json>((inner, token) => (token === '0' ? [inner] : { [token]: inner }), value);
}

export function editOf(name: string, label: string, definition?: Sketch, layout?: Sketch): Edit {
  return { name, label, definition: definition?.patch ?? [], layout: layout?.patch ?? [] };
}

export function stepNamed(definition: Json, name: string): StepEntry {
  const entry = stepEntries(definition).find((candidate) => candidate.name === name);
  if (!entry) throw new EditRefused('unknown-step', `There is no step ${name}.`);
  return entry;
}

/** A copy with every string changed by `change`; keys stay. */
export function mapStrings(value: Json, change: (text: string) => Json): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, change));
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) copy[key] = mapStrings(entry, change);
  return copy;
}

/** The names of a list of objects, for the check against doubles. */
export function memberNames(list: Json | undefined, key: string): string[] {
  return (Array.isArray(list) ? list : []).flatMap((entry) => {
    const name = member(entry, key);
    return typeof name === 'string' ? [name] : [];
  });
}
