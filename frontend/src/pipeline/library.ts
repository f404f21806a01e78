import { isObject, items, type Json, type JsonObject, member, text } from './json';
import { child, valueAt } from './pointer';

/** A port of a ready-made step as its form and its wires need it. */
export interface LibraryPort {
  name: string;
  kind: string;
  title: string;
  help?: string;
  required?: boolean;
  /** An input people also fill by hand: the address of a file. */
  address?: boolean;
  /** The option that calls for this output; without it the step has none. */
  when?: string;
  /** An output's file that holds a report, and the values in it worth comparing. */
  report?: string;
  values?: readonly { path: string; title: string; good?: number }[];
}

/** A ready-made step as `/api/step-types/` serves it. */
export interface LibraryDocument {
  reference: string;
  title: string;
  family: string;
  icon: string;
  description: string;
  synonyms: readonly string[];
  inputs: readonly LibraryPort[];
  outputs: readonly LibraryPort[];
  form: JsonObject;
  summary: readonly string[];
  template: JsonObject;
}

export const COMMAND = '/Arguments/AppSpecification/ContainerEntrypoint';
export const OPTIONS = '/Arguments/AppSpecification/ContainerArguments';
const KIND = 'library:';

export function kindOfReference(reference: string): string {
  return `${KIND}${reference}`;
}

/** "split@1" where a step starts a ready-made step, else null. The server recognises it by the same rule. */
export function referenceOf(step: JsonObject): string | null {
  if (step.Type !== 'Processing') return null;
  const command = items(valueAt(step, COMMAND));
  const [python, flag, module, reference] = command;
  if (command.length !== 4 || flag !== '-m' || module !== 'clary_steps') return null;
  return python === 'python3' || python === 'python' ? (text(reference) ?? null) : null;
}

/** What a step is for catalog and form: its type, or the ready-made step it starts. */
export function stepKind(step: JsonObject): string {
  const reference = referenceOf(step);
  return reference === null ? (text(member(step, 'Type')) ?? '') : kindOfReference(reference);
}

/** One `--name value` pair. `place` is the index of the name, null where it is not written down. */
export interface Option {
  name: string;
  place: number | null;
  raw: Json | undefined;
}

export function option(step: JsonObject, name: string): Option {
  const words = items(valueAt(step, OPTIONS));
  for (let place = 0; place + 1 < words.length; place += 1) {
    const word = words[place];
    if (typeof word !== 'string' || !word.startsWith('--')) continue;
    if (word === `--${name}`) return { name, place, raw: words[place + 1] };
    place += 1;
  }
  return { name, place: null, raw: undefined };
}

/** Where an option's value stands in the step; for one not written down, where its problems point. */
export function optionPointer(found: Option): string {
  return child(OPTIONS, found.place === null ? `--${found.name}` : found.place + 1);
}

/** The words with one option set, or taken out (undefined). */
export function withOption(step: JsonObject, name: string, value: Json | undefined): Json[] {
  const words = [...items(valueAt(step, OPTIONS))];
  const { place } = option(step, name);
  if (value === undefined) {
    if (place !== null) words.splice(place, 2);
  } else if (place === null) words.push(`--${name}`, value);
  else words[place + 1] = value;
  return words;
}

/** The value a written text stands for, by the option's schema; texts that do not fit stay texts. */
export function readOption(schema: JsonObject, raw: Json | undefined): Json | undefined {
  if (typeof raw !== 'string') return raw;
  if (raw === '') return undefined;
  if (schema.type === 'boolean') return raw === 'true' ? true : raw === 'false' ? false : raw;
  if (schema.type === 'integer' || schema.type === 'number') {
    const number = Number(raw);
    return Number.isFinite(number) ? number : raw;
  }
  if (schema.type === 'array' || schema.type === 'object') {
    try {
      const value: Json = JSON.parse(raw);
      return Array.isArray(value) || isObject(value) ? value : raw;
    } catch {
      return raw;
    }
  }
  return raw;
}

/** The text of a value, as the step reads it. */
export function writeOption(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Every option with its value or default, by name; expressions stay as they are. */
export function optionValues(step: JsonObject, form: JsonObject): JsonObject {
  const values: JsonObject = {};
  const properties = member(form, 'properties');
  if (!isObject(properties)) return values;
  for (const [name, schema] of Object.entries(properties)) {
    if (!isObject(schema)) continue;
    const value = readOption(schema, option(step, name).raw) ?? schema.default;
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** Whether a field has a meaning with these values: `x-when` names the values of other options it belongs to. */
export function applies(schema: JsonObject, values: JsonObject): boolean {
  const when = member(schema, 'x-when');
  if (!isObject(when)) return true;
  return Object.entries(when).every(([name, wanted]) => {
    const value = values[name];
    return isObject(value) || (value !== undefined && items(wanted).includes(value));
  });
}

/** The words of a choice: "Random forest (scikit-learn)" for "forest". */
export function choiceTitle(schema: JsonObject, value: Json | undefined): string {
  const place = items(schema.enum).indexOf(value ?? null);
  return text(items(schema['x-titles'])[place]) ?? (value === undefined ? '' : String(value));
}

function percent(value: Json): string {
  return typeof value === 'number' ? `${Number((value * 100).toPrecision(3))} %` : String(value);
}

/** The one line of a ready-made step on the canvas: its most telling options. */
export function librarySummary(step: JsonObject, info: Pick<LibraryDocument, 'form' | 'summary'>): string {
  const properties = member(info.form, 'properties');
  const parts = info.summary.flatMap((name) => {
    const schema = member(properties, name);
    const raw = option(step, name).raw;
    if (!isObject(schema) || (raw === undefined && schema.default === undefined)) return [];
    const value = readOption(schema, raw) ?? schema.default;
    if (isObject(value) || Array.isArray(value) || value === undefined || value === '' || value === 'auto')
      return [];
    // Of a choice's title the library in brackets is left out; a column's name stays whole.
    const words = choiceTitle(schema, value).replace(schema.enum ? / \(.*\)$/ : '', '');
    const told = text(schema['x-summary']);
    if (told === undefined) return [words];
    // A share of nothing is nothing to tell.
    return value === 0 ? [] : [told.replace('{value}', words).replace('{percent}', percent(value))];
  });
  return parts.join(' · ');
}
