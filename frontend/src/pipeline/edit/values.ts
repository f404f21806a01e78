import { isObject, type Json, member } from '../json';
import { child, parsePointer, valueAt } from '../pointer';
import { type DraftDocuments, type Edit, EditRefused, editOf, Sketch, stepNamed } from './edit';

/** Sets one value of a step (`pointer` into the step object), or of the document when `step` is null. */
export function setValue(documents: DraftDocuments, step: string | null, pointer: string, value: Json): Edit {
  const base = baseOf(documents, step);
  if (step !== null && parsePointer(pointer)[0] === 'Name') {
    throw new EditRefused(
      'use-rename',
      'A step is renamed by the rename command, so that its references follow.',
    );
  }
  const definition = new Sketch(documents.definition);
  definition.put(base, pointer, value);
  return editOf('set_value', `Change ${lastName(pointer)} of ${step ?? 'the pipeline'}`, definition);
}

/** Removes one value, so that its default holds again. Nothing happens where nothing is. */
export function unsetValue(documents: DraftDocuments, step: string | null, pointer: string): Edit {
  const base = baseOf(documents, step);
  const definition = new Sketch(documents.definition);
  if (valueAt(documents.definition, base + pointer) !== undefined) definition.remove(base + pointer);
  return editOf('unset_value', `Reset ${lastName(pointer)} of ${step ?? 'the pipeline'}`, definition);
}

/** The comparisons of a Condition step, all of which must hold. */
export function setCondition(documents: DraftDocuments, step: string, conditions: Json): Edit {
  const definition = new Sketch(documents.definition);
  definition.put(baseOf(documents, step), '/Arguments/Conditions', conditions);
  return editOf('set_condition', `Change the condition of ${step}`, definition);
}

/** Append to a list of a step; the list is made when it is missing. */
export function addItem(documents: DraftDocuments, step: string, list: string, value: Json): Edit {
  const base = baseOf(documents, step);
  const definition = new Sketch(documents.definition);
  const existing = valueAt(documents.definition, base + list);
  if (Array.isArray(existing)) definition.add(child(base + list, existing.length), value);
  else definition.put(base, list, [value]);
  return editOf('add_item', `Add to ${lastName(list)} of ${step}`, definition);
}

/** Give a key of an object another name without moving it. */
export function renameKey(
  documents: DraftDocuments,
  step: string,
  object: string,
  from: string,
  to: string,
): Edit {
  const base = baseOf(documents, step) + object;
  const container = valueAt(documents.definition, base);
  if (!isObject(container) || member(container, from) === undefined || Object.hasOwn(container, to)) {
    throw new EditRefused('no-such-place', `${from} cannot become ${to} here.`);
  }
  const keys = Object.keys(container);
  const definition = new Sketch(documents.definition);
  definition.move(child(base, from), child(base, to), keys[keys.indexOf(from) + 1]);
  return editOf('rename_key', `Rename ${from} to ${to} in ${step}`, definition);
}

function baseOf(documents: DraftDocuments, step: string | null): string {
  return step === null ? '' : stepNamed(documents.definition, step).pointer;
}

function lastName(pointer: string): string {
  return (
    parsePointer(pointer)
      .filter((token) => !/^\d+$/.test(token))
      .at(-1) ?? 'the document'
  );
}
