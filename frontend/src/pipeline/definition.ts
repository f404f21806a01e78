import { isObject, items, type Json, type JsonObject, member, text } from './json';
import { stepKind } from './library';
import { child } from './pointer';

export type Branch = 'if' | 'else' | 'body';

/** A step object where it stands, branches and loop bodies included. */
export interface StepEntry {
  name: string;
  type: string;
  /** The type, or which ready-made step it is: what catalog entries go by. */
  kind: string;
  pointer: string;
  step: JsonObject;
  /** The step that contains this one, and on which side. */
  parent: string | null;
  branch: Branch | null;
}

export interface Parameter {
  name: string;
  type: 'String' | 'Integer' | 'Float' | 'Boolean';
  defaultValue: Json | undefined;
  enumValues: readonly Json[];
  description: string;
  pointer: string;
}

/** Where steps nest: the argument that holds them, and the branch that argument means. */
export const NESTS: readonly { type: string; key: string; branch: Branch }[] = [
  { type: 'Condition', key: 'IfSteps', branch: 'if' },
  { type: 'Condition', key: 'ElseSteps', branch: 'else' },
  { type: 'ForEach', key: 'ForEachBody', branch: 'body' },
];

/** All steps, parents before their branches, in document order. Malformed entries are left out. */
export function stepEntries(document: Json | undefined): StepEntry[] {
  const found: StepEntry[] = [];
  collect(member(document, 'Steps'), '/Steps', null, null, found);
  return found;
}

function collect(
  list: Json | undefined,
  pointer: string,
  parent: string | null,
  branch: Branch | null,
  found: StepEntry[],
): void {
  items(list).forEach((step, index) => {
    const name = text(member(step, 'Name'));
    if (!isObject(step) || name === undefined) return;
    const at = child(pointer, index);
    const type = text(member(step, 'Type')) ?? '';
    found.push({ name, type, kind: stepKind(step), pointer: at, step, parent, branch });
    const args = member(step, 'Arguments');
    for (const nest of NESTS) {
      if (nest.type !== type || !Array.isArray(member(args, nest.key))) continue;
      collect(member(args, nest.key), child(at, 'Arguments', nest.key), name, nest.branch, found);
    }
  });
}

export function parameters(document: Json | undefined): Parameter[] {
  return items(member(document, 'Parameters')).flatMap((entry, index) => {
    const name = text(member(entry, 'Name'));
    if (name === undefined) return [];
    const type = text(member(entry, 'Type'));
    return [
      {
        name,
        type: type === 'Integer' || type === 'Float' || type === 'Boolean' ? type : 'String',
        defaultValue: member(entry, 'DefaultValue'),
        enumValues: items(member(entry, 'EnumValues')),
        description: text(member(entry, 'Description')) ?? '',
        pointer: child('/Parameters', index),
      } satisfies Parameter,
    ];
  });
}
