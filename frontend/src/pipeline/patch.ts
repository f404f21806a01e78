import { isObject, type Json, type JsonObject } from './json';
import { formatPointer, parsePointer } from './pointer';

/** RFC 6902 plus `before`: the object key to insert in front of, so that an inverse restores key order. */
export type PatchOperation = {
  op: 'add' | 'replace' | 'remove' | 'move';
  path: string;
  value?: Json;
  from?: string;
  before?: string | null;
};

export type Patch = PatchOperation[];

/** The patch does not fit the document: a path leads nowhere, or an index is out of range. */
export class PatchRefused extends Error {
  override name = 'PatchRefused';
}

export interface Patched<T extends Json = Json> {
  document: T;
  /** Applied to the result it gives the document back, key order included. */
  inverse: Patch;
}

/** The patched document and the way back. The input is never changed; untouched parts are shared. */
export function applyPatch(document: Json, patch: readonly PatchOperation[]): Patched {
  let current = document;
  const inverse: Patch = [];
  for (const operation of patch) {
    const step = applyOne(current, operation);
    current = step.document;
    inverse.unshift(...step.inverse);
  }
  return { document: current, inverse };
}

function applyOne(document: Json, operation: PatchOperation): Patched {
  const path = parsePointer(operation.path);
  if (operation.op === 'add') return add(document, path, operation.value ?? null, operation.before);
  if (operation.op === 'remove') return remove(document, path);
  if (operation.op === 'replace') return replace(document, path, operation.value ?? null);
  const from = parsePointer(operation.from ?? '');
  const value = read(document, from);
  const removed = remove(document, from);
  const added = add(removed.document, path, value, operation.before);
  return { document: added.document, inverse: [...added.inverse, ...removed.inverse] };
}

function read(document: Json, path: readonly string[]): Json {
  let value: Json = document;
  for (const token of path) value = childOf(value, token, path);
  return value;
}

function childOf(container: Json, token: string, path: readonly string[]): Json {
  if (Array.isArray(container)) {
    const value = container[index(container, token, path, container.length - 1)];
    if (value !== undefined) return value;
  } else if (isObject(container) && Object.hasOwn(container, token)) {
    return container[token] as Json;
  }
  throw new PatchRefused(`Nothing at ${formatPointer(path)}`);
}

function index(list: Json[], token: string, path: readonly string[], last: number): number {
  if (!/^(0|[1-9]\d*)$/.test(token) || Number(token) > last) {
    throw new PatchRefused(`No place ${token} in a list of ${list.length} at ${formatPointer(path)}`);
  }
  return Number(token);
}

/** Rebuild the containers along `path` around a changed innermost one. */
function edit(
  document: Json,
  path: readonly string[],
  change: (container: Json, token: string) => Json,
): Json {
  const [token, ...rest] = path;
  if (token === undefined) throw new PatchRefused('The whole document cannot be edited in place');
  if (rest.length === 0) return change(document, token);
  const inner = edit(childOf(document, token, path), rest, change);
  return withChild(document, token, inner);
}

function withChild(container: Json, token: string, value: Json): Json {
  if (Array.isArray(container)) {
    const copy = container.slice();
    copy[Number(token)] = value;
    return copy;
  }
  return { ...(container as JsonObject), [token]: value };
}

function add(document: Json, path: string[], value: Json, before: string | null | undefined): Patched {
  if (path.length === 0) return { document: value, inverse: [{ op: 'replace', path: '', value: document }] };
  let at = formatPointer(path);
  let existed: { value: Json } | undefined;
  const changed = edit(document, path, (container, token) => {
    if (Array.isArray(container)) {
      const place = token === '-' ? container.length : index(container, token, path, container.length);
      at = formatPointer([...path.slice(0, -1), place]);
      return [...container.slice(0, place), value, ...container.slice(place)];
    }
    if (!isObject(container)) throw new PatchRefused(`Nothing can be added at ${at}`);
    if (Object.hasOwn(container, token)) existed = { value: container[token] as Json };
    return existed ? { ...container, [token]: value } : insertKey(container, token, value, before);
  });
  const inverse: Patch = existed
    ? [{ op: 'replace', path: at, value: existed.value }]
    : [{ op: 'remove', path: at }];
  return { document: changed, inverse };
}

function insertKey(
  container: JsonObject,
  key: string,
  value: Json,
  before: string | null | undefined,
): JsonObject {
  if (before == null || !Object.hasOwn(container, before)) return { ...container, [key]: value };
  const result: JsonObject = {};
  for (const existing of Object.keys(container)) {
    if (existing === before) result[key] = value;
    result[existing] = container[existing] as Json;
  }
  return result;
}

function remove(document: Json, path: string[]): Patched {
  const inverse: Patch = [];
  const changed = edit(document, path, (container, token) => {
    const old = childOf(container, token, path);
    const at = formatPointer(path);
    if (Array.isArray(container)) {
      inverse.push({ op: 'add', path: at, value: old });
      return container.filter((_, place) => place !== Number(token));
    }
    const keys = Object.keys(container as JsonObject);
    const next = keys[keys.indexOf(token) + 1];
    inverse.push(
      next === undefined
        ? { op: 'add', path: at, value: old }
        : { op: 'add', path: at, value: old, before: next },
    );
    const { [token]: _, ...rest } = container as JsonObject;
    return rest;
  });
  return { document: changed, inverse };
}

function replace(document: Json, path: string[], value: Json): Patched {
  const at = formatPointer(path);
  if (path.length === 0) return { document: value, inverse: [{ op: 'replace', path: at, value: document }] };
  const old = read(document, path);
  const changed = edit(document, path, (container, token) => withChild(container, token, value));
  return { document: changed, inverse: [{ op: 'replace', path: at, value: old }] };
}
