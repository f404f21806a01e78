import { stepEntries } from '../definition';
import { isObject, items, type Json, type JsonObject, member } from '../json';
import type { Position } from '../layout';
import { uniqueName } from '../names';
import { child, isWithin } from '../pointer';
import { renamedGet, splitReference } from '../references';
import { type DraftDocuments, type Edit, editOf, Sketch } from './edit';
import { stepNames } from './steps';
import { dependencyOf } from './wires';

/** A piece of a pipeline on the clipboard or on its way to a copy. */
export type Fragment = { steps: JsonObject[]; positions: Record<string, Position> };

/** The chosen steps as a fragment. A step inside a chosen condition travels inside it, not twice. */
export function fragmentOf(
  definition: Json,
  names: readonly string[],
  positions: Readonly<Record<string, Position>>,
): Fragment {
  const chosen = new Set(names);
  const all = stepEntries(definition);
  const entries = all.filter((entry) => chosen.has(entry.name));
  const roots = entries.filter(
    (entry) => !entries.some((other) => other !== entry && isWithin(entry.pointer, other.pointer)),
  );
  const inside = all.filter((entry) => roots.some((root) => isWithin(entry.pointer, root.pointer)));
  return {
    steps: roots.map((entry) => entry.step),
    positions: Object.fromEntries(
      inside.flatMap(({ name }) => (positions[name] ? [[name, positions[name]]] : [])),
    ),
  };
}

export interface PasteOptions {
  at: Position;
  /** Wires from steps outside the fragment stay (their steps must exist here); else their places become empty. */
  keepIncoming: boolean;
  verb?: 'Paste' | 'Duplicate';
}

/** Add a fragment: clashing names get a number, wires inside it follow. */
export function pasteSteps(
  documents: DraftDocuments,
  fragment: Fragment,
  options: PasteOptions,
): { edit: Edit; names: string[] } {
  const taken = stepNames(documents.definition);
  const outside = options.keepIncoming ? new Set(taken) : new Set<string>();
  const renames = new Map<string, string>();
  for (const entry of stepEntries({ Steps: fragment.steps })) {
    const name = uniqueName(entry.name, taken);
    taken.add(name);
    renames.set(entry.name, name);
  }
  const definition = new Sketch(documents.definition);
  const layout = new Sketch(documents.layout);
  if (!Array.isArray(definition.at('/Steps'))) definition.put('', '/Steps', []);
  for (const step of fragment.steps) {
    definition.add(child('/Steps', items(definition.at('/Steps')).length), copyOf(step, renames, outside));
  }
  const corner = cornerOf(fragment.positions);
  for (const [name, from] of Object.entries(fragment.positions)) {
    const copy = renames.get(name);
    const position = { x: options.at.x + from.x - corner.x, y: options.at.y + from.y - corner.y };
    if (copy) layout.put('', child('/nodes', copy), position);
  }
  const names = [...renames.values()];
  const verb = options.verb ?? 'Paste';
  const label = `${verb} ${names.length === 1 ? names[0] : `${names.length} steps`}`;
  return {
    edit: editOf(verb === 'Paste' ? 'paste_steps' : 'duplicate_steps', label, definition, layout),
    names,
  };
}

export function cornerOf(positions: Readonly<Record<string, Position>>): Position {
  const all = Object.values(positions);
  if (all.length === 0) return { x: 0, y: 0 };
  return { x: Math.min(...all.map((at) => at.x)), y: Math.min(...all.map((at) => at.y)) };
}

type Renames = ReadonlyMap<string, string>;

function copyOf(value: Json, renames: Renames, outside: ReadonlySet<string>): Json {
  if (Array.isArray(value)) return value.map((entry) => copyOf(entry, renames, outside));
  if (!isObject(value)) return value;
  const get = value.Get;
  if (typeof get === 'string' && Object.keys(value).length === 1) {
    const { root, name } = splitReference(get);
    const copy = renames.get(name);
    if (root !== 'Steps') return value;
    if (copy !== undefined) return { Get: renamedGet(get, name, copy) ?? get };
    return outside.has(name) ? value : '';
  }
  const result: JsonObject = {};
  for (const [key, entry] of Object.entries(value)) {
    if (key === 'DependsOn' && 'Type' in value) {
      const kept = items(entry).flatMap((dependency) => dependencyCopy(dependency, renames, outside));
      if (kept.length > 0) result[key] = kept;
    } else if (key === 'Name' && 'Type' in value && typeof entry === 'string') {
      result[key] = renames.get(entry) ?? entry;
    } else if (key === 'Values' && 'On' in value) {
      // A step's own name inside a joined path keeps a copy from writing to the original's place.
      const own = (part: Json) =>
        typeof part === 'string' ? (renames.get(part) ?? part) : copyOf(part, renames, outside);
      result[key] = Array.isArray(entry) ? entry.map(own) : entry;
    } else {
      result[key] = copyOf(entry, renames, outside);
    }
  }
  return result;
}

function dependencyCopy(dependency: Json, renames: Renames, outside: ReadonlySet<string>): Json[] {
  const name = dependencyOf(dependency).step ?? '';
  const copy = renames.get(name) ?? (outside.has(name) ? name : undefined);
  if (copy === undefined) return [];
  return [
    isObject(dependency) && member(dependency, 'Step') !== undefined ? { ...dependency, Step: copy } : copy,
  ];
}
