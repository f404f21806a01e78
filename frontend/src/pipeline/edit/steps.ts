import type { Port } from '../catalog';
import { NESTS, type StepEntry, stepEntries } from '../definition';
import { deriveGraph } from '../graph';
import { isObject, items, type Json, type JsonObject, member } from '../json';
import type { Position } from '../layout';
import { nameProblem, uniqueName } from '../names';
import { child, isWithin, parentOf, parsePointer } from '../pointer';
import { renamedGet } from '../references';
import { type DraftDocuments, type Edit, EditRefused, editOf, mapStrings, Sketch, stepNamed } from './edit';
import { clearWires, refuseCycle } from './wires';

export function stepNames(definition: Json): Set<string> {
  return new Set(stepEntries(definition).map((entry) => entry.name));
}

export interface NewStep {
  template: JsonObject;
  name?: string;
  bucket?: string;
  position?: Position;
  into?: { condition: string; branch: 'if' | 'else' };
}

/** A new step at the end of Steps, or of a branch. Returns its name with the edit: a taken one gets a number. */
export function addStep(documents: DraftDocuments, { template, name, bucket, position, into }: NewStep) {
  const type = typeof template.Type === 'string' ? template.Type : 'step';
  const chosen = uniqueName(name || type, stepNames(documents.definition));
  const definition = new Sketch(documents.definition);
  const layout = new Sketch(documents.layout);
  const list = into ? branchList(definition, into.condition, into.branch) : topLevel(definition);
  const { Name: _, ...rest } = template;
  // A renamed step keeps the folder it was born with, so a new one must not be given the same.
  const folder = uniqueName(chosen, writtenParts(documents.definition));
  const filled = mapStrings(rest, (part) =>
    part === '{step}' ? folder : part === '{bucket}' && bucket ? bucket : part,
  );
  definition.add(child(list, items(definition.at(list)).length), { Name: chosen, ...(filled as JsonObject) });
  if (position) layout.put('', child('/nodes', chosen), position);
  return { name: chosen, edit: editOf('add_step', `Add ${chosen}`, definition, layout) };
}

/** Every text that is one part of a joined address. */
function writtenParts(definition: Json): Set<string> {
  const found = new Set<string>();
  const walk = (value: Json, key: string) => {
    if (Array.isArray(value)) {
      for (const entry of value) {
        if (key === 'Values' && typeof entry === 'string') found.add(entry);
        else walk(entry, '');
      }
    } else if (isObject(value)) for (const [name, entry] of Object.entries(value)) walk(entry, name);
  };
  walk(definition, '');
  return found;
}

function topLevel(sketch: Sketch): string {
  if (!Array.isArray(sketch.at('/Steps'))) sketch.put('', '/Steps', []);
  return '/Steps';
}

/** The pointer of a branch's list, which is made when it is missing. */
function branchList(sketch: Sketch, container: string, branch: string): string {
  const holder = stepNamed(sketch.document, container);
  const nest = NESTS.find((candidate) => candidate.type === holder.type && candidate.branch === branch);
  if (!nest) throw new EditRefused('no-such-branch', `${container} has no branch ${branch}.`);
  const list = child(holder.pointer, 'Arguments', nest.key);
  if (!Array.isArray(sketch.at(list))) sketch.put(holder.pointer, child('/Arguments', nest.key), []);
  return list;
}

export type PortsByType = Readonly<Record<string, readonly Port[]>>;

/** The steps go, and every wire that left them. Members of a removed Condition that stay move up beside it. */
export function removeSteps(
  documents: DraftDocuments,
  steps: readonly string[],
  ports: PortsByType = {},
): Edit {
  const removed = new Set(steps.map((name) => stepNamed(documents.definition, name).name));
  const definition = new Sketch(documents.definition);
  const layout = new Sketch(documents.layout);
  const graph = deriveGraph(documents.definition);
  for (const entry of graph.steps) {
    if (removed.has(entry.name)) continue;
    const pointers = graph.edges
      .filter((edge) => edge.target === entry.name && edge.kind !== 'branch' && removed.has(edge.source))
      .flatMap((edge) => edge.pointers);
    clearWires(definition, entry, pointers, ports[entry.kind] ?? ports[entry.type] ?? []);
  }
  for (const entry of [...graph.steps].reverse()) {
    if (!removed.has(entry.name)) continue;
    liftMembers(definition, entry);
    definition.remove(entry.pointer);
  }
  for (const entry of graph.steps) if (removed.has(entry.name)) forgetInLayout(layout, entry.name);
  const [only] = removed;
  const label = removed.size === 1 ? `Remove ${only}` : `Remove ${removed.size} steps`;
  return editOf('remove_steps', label, definition, layout);
}

function liftMembers(sketch: Sketch, entry: StepEntry): void {
  const parent = parentOf(entry.pointer);
  let index = Number(parsePointer(entry.pointer).at(-1));
  for (const nest of NESTS.filter((candidate) => candidate.type === entry.type)) {
    const list = child(entry.pointer, 'Arguments', nest.key);
    for (const _ of items(sketch.at(list))) {
      index += 1;
      sketch.move(child(list, 0), child(parent, index));
    }
  }
}

/** A new name, in every place that says the old one. */
export function renameStep(documents: DraftDocuments, step: string, name: string): Edit {
  const found = stepNamed(documents.definition, step);
  const label = `Rename ${step} to ${name}`;
  if (name === step) return editOf('rename_step', label);
  const problem = nameProblem('step', name, stepNames(documents.definition));
  if (problem)
    throw new EditRefused(stepNames(documents.definition).has(name) ? 'name-taken' : 'illegal-name', problem);
  const exact = new Set([child(found.pointer, 'Name')]);
  for (const entry of stepEntries(documents.definition)) {
    for (const pointer of dependencyPointers(entry, step)) exact.add(pointer);
    if (entry.type === 'Cleanup') for (const pointer of cleanupPointers(entry, step)) exact.add(pointer);
  }
  const definition = new Sketch(documents.definition);
  const layout = new Sketch(documents.layout);
  rewriteInOrder(definition, (text, pointer, isGet) =>
    exact.has(pointer) ? name : isGet ? renamedGet(text, step, name) : null,
  );
  renameInLayout(layout, step, name);
  return editOf('rename_step', label, definition, layout);
}

/** Replace texts in document order; `isGet` is true for the text of a reference. */
export function rewriteInOrder(
  sketch: Sketch,
  rewrite: (text: string, pointer: string, isGet: boolean) => string | null,
): void {
  const walk = (value: Json, at: string, isGet: boolean) => {
    if (typeof value === 'string') {
      const changed = rewrite(value, at, isGet);
      if (changed !== null && changed !== value) sketch.replace(at, changed);
    } else if (Array.isArray(value)) {
      for (const [index, entry] of value.entries()) walk(entry, child(at, index), false);
    } else if (isObject(value)) {
      const single = Object.keys(value).length === 1;
      for (const [key, entry] of Object.entries(value)) walk(entry, child(at, key), single && key === 'Get');
    }
  };
  walk(sketch.document, '', false);
}

function dependencyPointers(entry: StepEntry, step: string): string[] {
  return items(member(entry.step, 'DependsOn')).flatMap((dependency, index) => {
    const at = child(entry.pointer, 'DependsOn', index);
    if (dependency === step) return [at];
    return member(dependency, 'Step') === step ? [child(at, 'Step')] : [];
  });
}

function cleanupPointers(entry: StepEntry, step: string): string[] {
  const list = member(member(member(entry.step, 'Arguments'), 'Resources'), 'S3');
  return items(list).flatMap((resource, index) =>
    member(resource, 'StepName') === step
      ? [child(entry.pointer, 'Arguments', 'Resources', 'S3', index, 'StepName')]
      : [],
  );
}

/** The step moves to the end of a condition's branch: it runs only when that branch is taken. */
export function connectBranch(
  documents: DraftDocuments,
  condition: string,
  branch: 'if' | 'else',
  step: string,
): Edit {
  const moved = stepNamed(documents.definition, step);
  const holder = stepNamed(documents.definition, condition);
  const label = `Run ${step} if ${condition} is ${branch === 'if' ? 'true' : 'false'}`;
  if (moved.parent === condition && moved.branch === branch) return editOf('connect_branch', label);
  if (isWithin(holder.pointer, moved.pointer)) {
    throw new EditRefused(
      'would-close-cycle',
      `${condition} is part of ${step}, so ${step} cannot move into it.`,
    );
  }
  refuseCycle(deriveGraph(documents.definition).edges, condition, step);
  const definition = new Sketch(documents.definition);
  const list = branchList(definition, condition, branch);
  const path = child(list, items(definition.at(list)).length);
  definition.move(moved.pointer, afterRemoval(path, moved.pointer));
  return editOf('connect_branch', label, definition);
}

/** The step leaves its branch for the end of Steps. */
export function disconnectBranch(documents: DraftDocuments, step: string): Edit {
  const found = stepNamed(documents.definition, step);
  const label = `Take ${step} out of ${found.parent ?? 'its branch'}`;
  if (found.parent === null) return editOf('disconnect_branch', label);
  const definition = new Sketch(documents.definition);
  definition.move(found.pointer, child('/Steps', items(member(documents.definition, 'Steps')).length));
  return editOf('disconnect_branch', label, definition);
}

/** Where `path` leads once the list item at `removed` is gone. */
function afterRemoval(path: string, removed: string): string {
  const list = parentOf(removed);
  if (!path.startsWith(`${list}/`)) return path;
  const tokens = parsePointer(path);
  const depth = parsePointer(list).length;
  const gone = Number(parsePointer(removed)[depth]);
  if (Number(tokens[depth]) > gone) tokens[depth] = String(Number(tokens[depth]) - 1);
  return child('', ...tokens);
}

/** Nodes get new places; the definition stays as it is. */
export function moveSteps(
  documents: DraftDocuments,
  positions: Readonly<Record<string, Position>>,
  label?: string,
): Edit {
  const layout = new Sketch(documents.layout);
  for (const [name, position] of Object.entries(positions)) {
    const node = member(member(layout.document, 'nodes'), name);
    layout.put('', child('/nodes', name), { ...(isObject(node) ? node : {}), ...position });
  }
  const names = Object.keys(positions);
  const words = names.length === 1 ? `Move ${names[0]}` : `Move ${names.length} steps`;
  return editOf('move_steps', label ?? words, undefined, layout);
}

function memberLists(layout: Json): [number, Json[]][] {
  return items(member(layout, 'groups')).flatMap((group, index) => {
    const names = member(group, 'members');
    return Array.isArray(names) ? [[index, names] satisfies [number, Json[]]] : [];
  });
}

function renameInLayout(sketch: Sketch, from: string, to: string): void {
  for (const key of ['nodes', 'hints']) {
    const held = member(sketch.document, key);
    if (!isObject(held) || !Object.hasOwn(held, from)) continue;
    const names = Object.keys(held);
    const following = names.slice(names.indexOf(from) + 1).filter((name) => name !== to);
    if (Object.hasOwn(held, to)) sketch.remove(child('', key, to));
    sketch.move(child('', key, from), child('', key, to), following[0]);
  }
  for (const [index, names] of memberLists(sketch.document)) {
    for (const [place, name] of names.entries()) {
      if (name === from) sketch.replace(child('/groups', index, 'members', place), to);
    }
  }
}

function forgetInLayout(sketch: Sketch, name: string): void {
  for (const key of ['nodes', 'hints']) {
    const held = member(sketch.document, key);
    if (isObject(held) && Object.hasOwn(held, name)) sketch.remove(child('', key, name));
  }
  for (const [index, names] of memberLists(sketch.document).reverse()) {
    if (names.length === 1 && names[0] === name) sketch.remove(child('/groups', index));
    else if (names.includes(name)) sketch.remove(child('/groups', index, 'members', names.indexOf(name)));
  }
}
