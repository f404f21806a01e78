import type { StepEntry } from './definition';
import { isObject, type Json, type JsonObject, text } from './json';
import { kindOfReference, type LibraryDocument } from './library';
import { child, parsePointer } from './pointer';

/** Where a wire can end, as `/api/step-types/` serves it. `pattern` points into the step, `*` for any item or key. */
export interface Port {
  name: string;
  direction: 'in' | 'out';
  pattern: string;
  json_type: string;
  kind: string;
  reference: string | null;
  /** What is added to the list at the pattern's `*` when no slot is free; "{name}" and "{value}" are filled in. */
  item: Json;
  item_name: string | null;
  report_as: 'value' | 'uri';
  /** The file that is taken when a whole output folder is wired here: "model.tar.gz". */
  folder_file?: string | null;
  /** Members that go with the value, written with the wire where they are not there yet. */
  beside?: Readonly<Record<string, Json>> | null;
  title: string;
}

/** Another way to start a step of the same type: a palette entry of its own. */
export interface Variant {
  id: string;
  title: string;
  description: string;
  synonyms: readonly string[];
  template: JsonObject;
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
  variants: readonly Variant[];
  schema: JsonObject;
  template: JsonObject;
  /** What makes it a ready-made step; `type` is then "library:<reference>". */
  library?: LibraryDocument;
}

/** An instance type in plain words: "2 CPU · 8 GiB". */
export interface InstanceWords {
  type: string;
  words: string;
  cpus: number;
  memory_gib: number;
  gpus: number;
  /** In the picker; every other type can be typed. */
  offered: boolean;
}

export interface Catalog {
  families: readonly { id: string; title: string }[];
  types: readonly StepTypeInfo[];
  instances?: readonly InstanceWords[];
}

/** The catalog as the server sends it: ready-made steps stand apart, without the schema they all share. */
export interface CatalogAnswer extends Catalog {
  library?: readonly (LibraryDocument & { ports: readonly Port[] })[];
}

/** Ready-made steps become types of their own, ahead of the types one fills with code. */
export function withLibrary(answer: CatalogAnswer): Catalog {
  const base = typeInfo(answer, 'Processing');
  if (!base || !answer.library) return answer;
  const ready = answer.library.map(
    (entry): StepTypeInfo => ({
      ...base,
      type: kindOfReference(entry.reference),
      title: entry.title,
      family: entry.family,
      description: entry.description,
      synonyms: entry.synonyms,
      ports: entry.ports,
      variants: [],
      template: entry.template,
      library: entry,
    }),
  );
  return { ...answer, types: [...ready, ...answer.types] };
}

export const EMPTY_CATALOG: Catalog = { families: [], types: [] };

export function typeInfo(catalog: Catalog, type: string): StepTypeInfo | undefined {
  return catalog.types.find((entry) => entry.type === type);
}

/** What is known about a step that stands in a definition. */
export function infoOf(catalog: Catalog, entry: Pick<StepEntry, 'type' | 'kind'>): StepTypeInfo | undefined {
  return typeInfo(catalog, entry.kind) ?? typeInfo(catalog, entry.type);
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
  /** Undefined where the slot's last key is absent. */
  value: Json | undefined;
  /** The list item or map member it lies in, relative to the step; null for a port of one fixed place. */
  item: string | null;
  /** What a consumer writes after `Steps.<step>.` (outputs only). */
  path: string;
}

const FILTER = /^\[([^=]+)=(.*)\]$/;

/** Every place of the step that a port's pattern matches. `taken` tokens are left to more precise ports. */
export function portInstances(step: JsonObject, port: Port, siblings: readonly Port[] = []): PortInstance[] {
  const found: PortInstance[] = [];
  const claimed = claimedItems(port, siblings);
  const walk = (
    value: Json | undefined,
    tokens: readonly string[],
    at: string,
    item: string | null,
    name: string,
  ) => {
    const [token, ...rest] = tokens;
    const filter = token === undefined ? null : FILTER.exec(token);
    if (token === undefined) {
      const path = (port.reference ?? '').replaceAll('{name}', name);
      const id = item === null ? port.name : `${port.name}:${name || item}`;
      found.push({ id, port, name, pointer: at, value, item, path });
    } else if (token === '*' || filter) {
      for (const [key, entry] of entriesOf(value)) {
        const fits = filter ? hasMember(entry, filter) : !claimed.some((other) => hasMember(entry, other));
        const here = child(at, key);
        if (fits)
          walk(entry, rest, here, here, Array.isArray(value) ? (nameOf(entry, port) ?? '') : String(key));
      }
    } else {
      const next = isObject(value) && Object.hasOwn(value, token) ? value[token] : undefined;
      walk(next, rest, child(at, token), item, name);
    }
  };
  walk(step, parsePointer(port.pattern), '', null, '');
  return found;
}

function entriesOf(value: Json | undefined): [string | number, Json][] {
  if (Array.isArray(value)) return value.map((entry, index) => [index, entry]);
  return isObject(value) ? Object.entries(value) : [];
}

function hasMember(entry: Json | undefined, filter: RegExpExecArray): boolean {
  return isObject(entry) && entry[filter[1] ?? ''] === filter[2];
}

/** Filters of sibling ports over the same list: `*` leaves those items to them. */
function claimedItems(port: Port, siblings: readonly Port[]): RegExpExecArray[] {
  const prefix = port.pattern.split('/*')[0] ?? '';
  return siblings.flatMap((other) => {
    if (other === port || !other.pattern.startsWith(`${prefix}/[`)) return [];
    const match = FILTER.exec(other.pattern.slice(prefix.length + 1).split('/')[0] ?? '');
    return match ? [match] : [];
  });
}

/** The name an item of a list carries (`OutputName`, `ChannelName`, …), or undefined. */
export function nameOf(item: Json | undefined, port: Port): string | undefined {
  if (!isObject(item)) return undefined;
  const key =
    port?.item_name ??
    Object.keys(item).find((candidate) => candidate === 'Name' || candidate.endsWith('Name'));
  return key === undefined || key === null ? undefined : text(item[key]);
}

/** Nothing is written there yet. */
export function isFree(slot: PortInstance): boolean {
  return slot.value === undefined || slot.value === null || slot.value === '';
}

/** The pointer of the list a port's items stand in, null for a pattern of one fixed place. */
export function listPointer(port: Port): string | null {
  const tokens = port.pattern.split('/');
  const index = tokens.findIndex((token) => token === '*' || token.startsWith('['));
  return index < 0 ? null : tokens.slice(0, index).join('/');
}

export function outputs(step: JsonObject, info: StepTypeInfo | undefined): PortInstance[] {
  return portsOf(step, info, 'out');
}

export function inputs(step: JsonObject, info: StepTypeInfo | undefined): PortInstance[] {
  return portsOf(step, info, 'in');
}

function portsOf(
  step: JsonObject,
  info: StepTypeInfo | undefined,
  direction: Port['direction'],
): PortInstance[] {
  const ports = (info?.ports ?? []).filter((port) => port.direction === direction);
  return ports.flatMap((port) => portInstances(step, port, ports));
}

/** A data step that writes a report is there to check something; everything else is of its type's family. */
export function familyOf(info: StepTypeInfo | undefined, outs: readonly PortInstance[]): string {
  if (!info) return 'unknown';
  return info.family === 'data' && !info.library && outs.some((out) => out.port.kind === 'report')
    ? 'check'
    : info.family;
}
