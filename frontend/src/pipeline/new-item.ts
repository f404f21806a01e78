import { listPointer, type StepTypeInfo } from './catalog';
import { mapStrings } from './edit/edit';
import { fillItem } from './edit/wires';
import { emptyItem } from './form';
import { isObject, type Json, member, text } from './json';

interface Wanted {
  /** The list, relative to the step. */
  list: string;
  itemSchema: Json;
  existing: readonly Json[];
  step: string;
  bucket: string;
}

/**
 * What a new item of a step's list starts as, under a name that is free: the template of the port its items belong
 * to, or what its schema requires.
 */
export function newItem(info: StepTypeInfo | undefined, wanted: Wanted): Json {
  const port = info?.ports.find(
    (candidate) =>
      candidate.item !== null &&
      candidate.item_name !== null &&
      listPointer(candidate) === wanted.list &&
      candidate.pattern.startsWith(`${wanted.list}/*`),
  );
  const label =
    port?.item_name ?? (isObject(wanted.itemSchema) ? text(wanted.itemSchema['x-label']) : undefined);
  if (!label) return emptyItem(wanted.itemSchema);
  const name = freeName(
    port?.name ?? (label.replace(/Name$/, '') || 'item').toLowerCase(),
    wanted.existing,
    label,
  );
  if (port) {
    return mapStrings(fillItem(port.item, name, ''), (part) =>
      part === '{bucket}' && wanted.bucket ? wanted.bucket : part.replaceAll('{step}', wanted.step),
    );
  }
  const item = emptyItem(wanted.itemSchema);
  return isObject(item) ? { ...item, [label]: name } : item;
}

/** "output", then "output2", "output3" … */
function freeName(stem: string, existing: readonly Json[], label: string): string {
  const taken = new Set(existing.map((entry) => member(entry, label)));
  let name = stem;
  for (let number = 2; taken.has(name); number += 1) name = `${stem}${number}`;
  return name;
}
