import { type Parameter, parameters } from '../definition';
import { isObject, type Json, type JsonObject, member } from '../json';
import { nameProblem, uniqueName } from '../names';
import { child, valueAt } from '../pointer';
import { references } from '../references';
import { type DraftDocuments, type Edit, EditRefused, editOf, Sketch } from './edit';
import { rewriteInOrder } from './steps';

/** A new parameter at the end; its name is made legal and unique. */
export function addParameter(documents: DraftDocuments, parameter: JsonObject): { name: string; edit: Edit } {
  const wanted = typeof parameter.Name === 'string' && parameter.Name !== '' ? parameter.Name : 'Parameter';
  const name = uniqueName(wanted, parameterNames(documents.definition));
  const { Name: _, ...rest } = parameter;
  const entry = { Name: name, ...rest };
  const definition = new Sketch(documents.definition);
  const list = member(documents.definition, 'Parameters');
  const hasSteps = isObject(documents.definition) && Object.hasOwn(documents.definition, 'Steps');
  if (Array.isArray(list)) definition.add(child('/Parameters', list.length), entry);
  else if (list === undefined && hasSteps) definition.add('/Parameters', [entry], 'Steps');
  else definition.put('', '/Parameters', [entry]);
  return { name, edit: editOf('add_parameter', `Add parameter ${name}`, definition) };
}

/** A new name for a parameter, in every reference too. */
export function renameParameter(documents: DraftDocuments, parameter: string, name: string): Edit {
  const found = parameterNamed(documents.definition, parameter);
  const label = `Rename parameter ${parameter} to ${name}`;
  if (name === parameter) return editOf('rename_parameter', label);
  const names = parameterNames(documents.definition);
  const problem = nameProblem('parameter', name, names);
  if (problem) throw new EditRefused(names.has(name) ? 'name-taken' : 'illegal-name', problem);
  const at = child(found.pointer, 'Name');
  const definition = new Sketch(documents.definition);
  rewriteInOrder(definition, (text, pointer, isGet) => {
    if (pointer === at) return name;
    return isGet && text === `Parameters.${parameter}` ? `Parameters.${name}` : null;
  });
  return editOf('rename_parameter', label, definition);
}

/** The parameter goes; every reference to it becomes its default, or "" where it has none. */
export function removeParameter(documents: DraftDocuments, parameter: string): Edit {
  const found = parameterNamed(documents.definition, parameter);
  const definition = new Sketch(documents.definition);
  for (const pointer of parameterUses(documents.definition, parameter)) {
    definition.replace(pointer, found.defaultValue ?? '');
  }
  definition.remove(found.pointer);
  return editOf('remove_parameter', `Remove parameter ${parameter}`, definition);
}

/** Change several members at once; undefined takes a member away. */
export function changeParameter(
  documents: DraftDocuments,
  parameter: string,
  change: Readonly<Record<string, Json | undefined>>,
): Edit {
  const found = parameterNamed(documents.definition, parameter);
  const definition = new Sketch(documents.definition);
  for (const [key, value] of Object.entries(change)) {
    const path = child(found.pointer, key);
    if (value !== undefined) definition.put(found.pointer, child('', key), value);
    else if (valueAt(definition.document, path) !== undefined) definition.remove(path);
  }
  return editOf('change_parameter', `Change parameter ${parameter}`, definition);
}

/** Places that use a parameter, as JSON pointers. */
export function parameterUses(definition: Json, name: string): string[] {
  return references(definition)
    .filter((reference) => reference.root === 'Parameters' && reference.name === name)
    .map((reference) => reference.pointer);
}

export function parameterNames(definition: Json): Set<string> {
  return new Set(parameters(definition).map((entry) => entry.name));
}

function parameterNamed(definition: Json, name: string): Parameter {
  const found = parameters(definition).find((candidate) => candidate.name === name);
  if (!found) throw new EditRefused('unknown-parameter', `There is no parameter ${name}.`);
  return found;
}
