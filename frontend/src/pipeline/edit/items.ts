import { type Json, member } from '../json';
import { child, parentOf, valueAt } from '../pointer';
import { type DraftDocuments, type Edit, editOf, Sketch, stepNamed } from './edit';
import { rewriteInOrder } from './steps';

/** Members that name an item of the same step from another of its lists: a report says which output it lies in. */
const NAMED_BY: Readonly<Record<string, { list: string; key: string }>> = {
  OutputName: { list: '/PropertyFiles', key: 'OutputName' },
};

interface Renamed {
  step: string;
  /** Of the item, relative to the step. */
  item: string;
  /** The member that holds the name. */
  key: string;
  name: string;
  /** What others write to take this item, with `{name}`; null when nothing can. */
  reference: string | null;
}

/**
 * A new name for an input, output, channel or report, and for every reference to it. Its folder in the step and the
 * last part of its address follow when they were named after it.
 */
export function renameItem(documents: DraftDocuments, renamed: Renamed): Edit {
  const { step, item, key, name, reference } = renamed;
  const entry = stepNamed(documents.definition, step);
  const at = entry.pointer + item;
  const before = valueAt(documents.definition, child(at, key));
  const definition = new Sketch(documents.definition);
  if (typeof before === 'string' && before !== '') {
    rewriteInOrder(definition, (text, pointer, isGet) => {
      if (pointer === child(at, key)) return name;
      if (isGet) return reference === null ? null : movedGet(text, step, reference, before, name);
      if (pointer.startsWith(`${at}/`)) return followed(text, pointer, before, name);
      const named = NAMED_BY[key];
      const sibling =
        named !== undefined &&
        parentOf(parentOf(pointer)) === entry.pointer + named.list &&
        pointer.endsWith(`/${named.key}`);
      return sibling && text === before && parentOf(pointer) !== at ? name : null;
    });
  } else definition.put(at, child('', key), name);
  return editOf('rename_item', `Rename ${String(before)} of ${step} to ${name}`, definition);
}

function followed(text: string, pointer: string, before: string, name: string): string | null {
  if (pointer.endsWith('/LocalPath') && text.endsWith(`/${before}`))
    return text.slice(0, -before.length) + name;
  return text === before && /\/Values\/\d+$/.test(pointer) ? name : null;
}

/** A Get text that names the item under its old name, with the new one. */
function movedGet(
  text: string,
  step: string,
  reference: string,
  before: string,
  name: string,
): string | null {
  const end = reference.indexOf("{name}']");
  const shape = end < 0 ? reference : reference.slice(0, end + "{name}']".length);
  const old = `Steps.${step}.${shape.replace('{name}', before)}`;
  const rest = text.slice(old.length);
  if (!text.startsWith(old) || (rest !== '' && !/^[.[]/.test(rest))) return null;
  return `Steps.${step}.${shape.replace('{name}', name)}${rest}`;
}

/** Why an item cannot have this name, or null when it can. */
export function itemNameProblem(
  name: string,
  list: readonly Json[],
  key: string,
  index: number,
): string | null {
  if (name === '') return 'A name is needed.';
  if (/['"[\]]/.test(name)) return 'A name here has no quotes and no brackets.';
  const taken = list.some((entry, place) => place !== index && member(entry, key) === name);
  return taken ? `The name ${name} is taken.` : null;
}
