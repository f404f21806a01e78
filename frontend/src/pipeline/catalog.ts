import { isObject, type Json, type JsonObject, text } from './json';
import { child, parsePointer } from './pointer';

/** Where a wire can end, as `/api/step-types/` serves it. `pattern` points into the step, `*` for any item or key. */
export interface Port {
  name: string;
  direction: 'in' | 'out';
  pattern: string;
  json_type: string;
  kind: string;
  reference: string | null;
  item: Json;
  title: string;
}

export interface StepTypeInfo {
  type: string;
  title: string;
  family: string;
  description: string;
  synonyms: readonly string[];
  nature: string;
  runnable: boolean;
  reason: string | null;
  ports: readonly Port[];
  schema: JsonObject;
  template: JsonObject;
}

export interface Catalog {
  families: readonly { id: string; title: string }[];
  types: readonly StepTypeInfo[];
}

export const EMPTY_CATALOG: Catalog = { families: [], types: [] };

export function typeInfo(catalog: Catalog, type: string): StepTypeInfo | undefined {
  return catalog.types.find((entry) => entry.type === type);
}

/** A port of one real step: the declaration plus the item that it matched. */
export interface PortInstance {
  /** Stable within the step: the port's name, and the matched item's name where there is one. */
  id: string;
  port: Port;
  /** The matched item's name (an output, a channel), "" for a port that exists once. */
  name: string;
  /** Where the matched value stands, relative to the step. */
  pointer: string;
  value: Json | undefined;
  /** What a consumer writes after `Steps.<step>.` (outputs only). */
  path: string;
}

/** Every place of the step that a port's pattern matches. */
export function portInstances(step: JsonObject, port: Port): PortInstance[] {
  const found: PortInstance[] = [];
  const walk = (value: Json | undefined, tokens: readonly string[], at: string, name: string) => {
    const [token, ...rest] = tokens;
    if (token === undefined) {
      if (value === undefined && name === '' && port.pattern !== '') return;
      const path = (port.reference ?? '').replaceAll('{name}', name);
      found.push({
        id: name === '' ? port.name : `${port.name}:${name}`,
        port,
        name,
        pointer: at,
        value,
        path,
      });
    } else if (token !== '*') {
      const next = isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
      if (next !== undefined) walk(next, rest, child(at, token), name);
      else if (rest.length === 0 && isObject(value)) walk(undefined, rest, child(at, token), name);
    } else if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) {
        walk(entry, rest, child(at, index), nameOf(entry) ?? String(index));
      }
    } else if (isObject(value)) {
      for (const key of Object.keys(value)) walk(value[key], rest, child(at, key), key);
    }
  };
  walk(step, parsePointer(port.pattern), '', '');
  return found;
}

/** The name an item of a list carries: `OutputName`, `ChannelName`, `PropertyFileName`, … */
export function nameOf(item: Json | undefined): string | undefined {
  if (!isObject(item)) return undefined;
  const key = Object.keys(item).find((candidate) => candidate === 'Name' || candidate.endsWith('Name'));
  return key === undefined ? undefined : text(item[key]);
}

export function outputs(step: JsonObject, info: StepTypeInfo | undefined): PortInstance[] {
  return (info?.ports ?? [])
    .filter((port) => port.direction === 'out')
    .flatMap((port) => portInstances(step, port));
}
