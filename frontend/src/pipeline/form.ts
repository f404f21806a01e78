import { isObject, items, type Json, type JsonObject, member, text } from './json';
import { choiceTitle } from './library';
import { child } from './pointer';

/**
 * One place of a step that a form shows, read from the step type's JSON schema. `pointer` is relative to the step;
 * `x-` members of the schema say how it looks (group, widget, unit, help), never what is valid.
 */
export interface Field {
  pointer: string;
  key: string;
  schema: JsonObject;
  title: string;
  help: string;
  required: boolean;
  advanced: boolean;
  widget: string;
  kind: 'text' | 'number' | 'boolean' | 'choice' | 'object' | 'list' | 'map' | 'any';
}

/** The tabs of a step's form, in order. */
export function formGroups(schema: JsonObject): string[] {
  const groups = items(schema['x-groups']).flatMap((group) => text(group) ?? []);
  const used = new Set(rootFields(schema).map((entry) => entry.group));
  const known = groups.filter((group) => used.has(group));
  return known.length > 0 ? known : ['Settings'];
}

/** The fields of one tab. Objects that are only a wrapper are opened, so that their members stand in the tab itself. */
export function fieldsOfGroup(schema: JsonObject, group: string): Field[] {
  return rootFields(schema)
    .filter((entry) => entry.group === group)
    .flatMap(({ field }) => opened(field));
}

function rootFields(schema: JsonObject): { group: string; field: Field }[] {
  const step = fieldsOfObject(schema, '').filter(
    (field) => !['Name', 'Type', 'Arguments'].includes(field.key),
  );
  const properties = member(schema, 'properties');
  const args = member(properties, 'Arguments');
  const inner = isObject(args) ? fieldsOfObject(args, '/Arguments') : [];
  const loose =
    inner.length === 0 && isObject(args) && member(args, 'x-widget')
      ? [fieldOf('Arguments', args, '/Arguments', true)]
      : [];
  return [...inner, ...loose, ...step].map((field) => ({
    group: text(field.schema['x-group']) ?? 'Settings',
    field,
  }));
}

/** The members of an object schema as fields, hidden ones left out. */
export function fieldsOfObject(schema: JsonObject, pointer: string): Field[] {
  const properties = member(schema, 'properties');
  if (!isObject(properties)) return [];
  const required = new Set(items(schema.required));
  return Object.entries(properties).flatMap(([key, node]) => {
    if (!isObject(node) || node['x-hidden'] === true) return [];
    return [fieldOf(key, node, child(pointer, key), required.has(key))];
  });
}

export function fieldOf(key: string, schema: JsonObject, pointer: string, required: boolean): Field {
  return {
    pointer,
    key,
    schema,
    title: text(schema.title) ?? key,
    help: text(schema.description) ?? '',
    required,
    advanced: schema['x-advanced'] === true,
    widget: text(schema['x-widget']) ?? '',
    kind: kindOf(schema),
  };
}

function kindOf(schema: JsonObject): Field['kind'] {
  if (Array.isArray(schema.enum)) return 'choice';
  switch (schema.type) {
    case 'string':
      return 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    case 'object':
      return isObject(schema.additionalProperties) && !isObject(schema.properties) ? 'map' : 'object';
    default:
      return 'any';
  }
}

/** A field, or the members of the wrapper it is. A wrapper's advanced mark goes to all it holds. */
export function opened(field: Field): Field[] {
  if (field.kind !== 'object' || field.schema['x-inline'] !== true || field.widget) return [field];
  return fieldsOfObject(field.schema, field.pointer)
    .map((inner) => ({ ...inner, advanced: inner.advanced || field.advanced }))
    .flatMap(opened);
}

/** The value as the form shows it when nothing is written. */
export function defaultOf(field: Field): Json | undefined {
  return field.schema.default;
}

/** A short remark beside the label: required, a range, a unit, the default. */
export function hintOf(field: Field): string {
  const unit = text(field.schema['x-unit']);
  const { minimum, maximum } = field.schema;
  if (minimum !== undefined && maximum !== undefined)
    return `${String(minimum)} – ${String(maximum)}${unit ? ` ${unit}` : ''}`;
  if (unit) return unit;
  if (field.required) return 'required';
  return '';
}

/** AWS's word for the chosen value where people read another one; "" where they are the same. */
export function awsWord(field: Field, value: Json | undefined): string {
  const chosen = value === undefined || value === '' ? defaultOf(field) : value;
  if (field.kind !== 'choice' || typeof chosen !== 'string') return '';
  return choiceTitle(field.schema, chosen) === chosen ? '' : chosen;
}

/** What a new item of a list starts as: required members with their defaults, or empty. */
export function emptyItem(schema: Json | undefined): Json {
  if (!isObject(schema)) return '';
  if (schema.default !== undefined) return schema.default;
  if (schema.type === 'object' || isObject(schema.properties)) {
    const result: JsonObject = {};
    for (const field of fieldsOfObject(schema, ''))
      if (field.required) result[field.key] = emptyItem(field.schema);
    return result;
  }
  if (schema.type === 'array') return [];
  if (schema.type === 'integer' || schema.type === 'number')
    return typeof schema.minimum === 'number' ? schema.minimum : 0;
  return schema.type === 'boolean' ? false : '';
}
