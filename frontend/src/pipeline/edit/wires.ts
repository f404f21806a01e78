import { isFree, listPointer, type Port, type PortInstance, portInstances } from '../catalog';
import { downstream } from '../cycle';
import type { StepEntry } from '../definition';
import { deriveGraph, type Edge, type Trigger } from '../graph';
import { expressionKind, identical, isObject, items, type Json, member, text } from '../json';
import { uniqueName } from '../names';
import { child, formatPointer, parsePointer, valueAt } from '../pointer';
import { lastQuoted } from '../references';
import {
  type DraftDocuments,
  type Edit,
  EditRefused,
  editOf,
  mapStrings,
  memberNames,
  Sketch,
  stepNamed,
} from './edit';
import { disconnectBranch } from './steps';

export interface DataWire {
  /** Take this file of the folder that is referred to, not the folder. */
  file?: string;
  /** Where in a report the value stands that is read. */
  report_path?: string;
  source: string;
  /** The property path, as written after `Steps.<source>.` */
  path: string;
  target: string;
  /** Name of the target's input port. */
  port: string;
  /** All ports of the target's type. */
  ports: readonly Port[];
  /** A place in the step that takes the wire; else the first free one, else a new list item. */
  slot?: string;
  name?: string;
}

/** Draws a data wire: the reference goes into a slot of the target's in-port. */
export function connect(documents: DraftDocuments, wire: DataWire): Edit {
  const producer = stepNamed(documents.definition, wire.source);
  const consumer = stepNamed(documents.definition, wire.target);
  refuseCycle(deriveGraph(documents.definition).edges, wire.source, wire.target);
  const port = wire.ports.find((entry) => entry.name === wire.port && (entry.direction ?? 'in') === 'in');
  if (!port) throw new EditRefused('unknown-port', `${wire.target} has no input ${wire.port}.`);
  const taken = withPath(referenceValue(producer, wire.path, port), wire.report_path);
  const value = wire.file === undefined ? taken : fileIn(taken, wire.file);
  const definition = new Sketch(documents.definition);
  let slot: string | null = wire.slot ?? null;
  if (slot !== null) definition.put(consumer.pointer, slot, value);
  else {
    const wanted = wire.name || lastQuoted(wire.path) || fileName(wire.path) || wire.source;
    slot = fillPort(definition, consumer, port, wire.ports, value, wanted);
  }
  if (slot !== null) putBeside(definition, consumer, port, slot);
  return editOf('connect', `Connect ${wire.source} to ${wire.target}`, definition);
}

export interface FixedInput {
  target: string;
  /** Name of the target's input port. */
  port: string;
  ports: readonly Port[];
  value: Json;
}

/** Gives an input a value of its own, in place of what was wired there. */
export function giveInput(documents: DraftDocuments, given: FixedInput): Edit {
  const step = stepNamed(documents.definition, given.target);
  const port = given.ports.find((entry) => entry.name === given.port && entry.direction === 'in');
  if (!port) throw new EditRefused('unknown-port', `${given.target} has no input ${given.port}.`);
  const definition = new Sketch(documents.definition);
  fillPort(definition, step, port, given.ports, given.value, given.port);
  return editOf('set_value', `Choose “${port.title || port.name}” of ${given.target}`, definition);
}

/** What goes with the value in `slot`, where nobody has written it. */
function putBeside(sketch: Sketch, step: StepEntry, port: Port, slot: string): void {
  for (const [name, value] of Object.entries(port.beside ?? {})) {
    const pointer = formatPointer([...parsePointer(slot).slice(0, -1), name]);
    const known = sketch.at(step.pointer + pointer);
    if (known === undefined || known === null || known === '') sketch.put(step.pointer, pointer, value);
  }
}

/** Where the value was put; null for a new item, which holds all that belongs to it. */
function fillPort(
  sketch: Sketch,
  step: StepEntry,
  port: Port,
  ports: readonly Port[],
  value: Json,
  wanted: string,
): string | null {
  const found = portInstances(step.step, port, ports);
  const free = found.find(isFree);
  const holder = listPointer(port);
  const single = holder === null || port.pattern.includes('/[');
  const place = free ?? (single ? found[0] : undefined);
  if (place) {
    sketch.put(step.pointer, place.pointer, value);
    return place.pointer;
  }
  if (holder === null || port.item == null) {
    throw new EditRefused('no-free-slot', `Every ${port.title || port.name} of ${step.name} is taken.`);
  }
  const list = valueAt(step.step, holder);
  const taken = port.item_name ? memberNames(list, port.item_name) : [];
  const item = fillItem(port.item, uniqueName(wanted, new Set(taken)), value);
  if (Array.isArray(list)) sketch.add(child(step.pointer + holder, list.length), item);
  else sketch.put(step.pointer, holder, [item]);
  return null;
}

/** An item template with its placeholders filled: "{value}" as a whole string, "{name}" anywhere in one. */
export function fillItem(template: Json, name: string, value: Json): Json {
  return mapStrings(template, (part) => (part === '{value}' ? value : part.replaceAll('{name}', name)));
}

/** The address of a file in a folder whose address is a reference. */
export function fileIn(folder: Json, file: string): Json {
  return { 'Std:Join': { On: '/', Values: [folder, file] } };
}

/** What a wire writes: a Get; for a property file a value read from it, or the file's URI where the port says so. */
export function referenceValue(producer: StepEntry, path: string, port: Pick<Port, 'report_as'>): Json {
  const wanted = fileName(path);
  if (wanted === null) return { Get: `Steps.${producer.name}.${path}` };
  if ((port.report_as ?? 'value') === 'value') {
    return { 'Std:JsonGet': { PropertyFile: { Get: `Steps.${producer.name}.${path}` }, Path: '' } };
  }
  const file = items(member(producer.step, 'PropertyFiles')).find(
    (entry) => member(entry, 'PropertyFileName') === wanted,
  );
  if (!file)
    throw new EditRefused('unknown-property-file', `${producer.name} has no property file ${wanted}.`);
  const output = `Steps.${producer.name}.ProcessingOutputConfig.Outputs['${text(member(file, 'OutputName'))}'].S3Output.S3Uri`;
  return { 'Std:Join': { On: '/', Values: [{ Get: output }, member(file, 'FilePath') ?? null] } };
}

function withPath(value: Json, path: string | undefined): Json {
  const read = member(value, 'Std:JsonGet');
  return path === undefined || !isObject(read) ? value : { 'Std:JsonGet': { ...read, Path: path } };
}

function fileName(path: string): string | null {
  return path.startsWith('PropertyFiles.') ? path.slice('PropertyFiles.'.length) : null;
}

const TRIGGERS: readonly string[] = ['Succeeded', 'Failed', 'Stopped', 'Any'];

/** Draws an order-only wire: an entry of DependsOn, a bare name unless the trigger is another than Succeeded. */
export function depend(
  documents: DraftDocuments,
  source: string,
  target: string,
  trigger: Trigger = 'Succeeded',
): Edit {
  stepNamed(documents.definition, source);
  const consumer = stepNamed(documents.definition, target);
  refuseCycle(deriveGraph(documents.definition).edges, source, target);
  if (!TRIGGERS.includes(trigger)) {
    throw new EditRefused(
      'unknown-trigger',
      `A trigger is Succeeded, Failed, Stopped or Any; ${trigger} is none.`,
    );
  }
  const entry: Json = trigger === 'Succeeded' ? source : { Step: source, Trigger: trigger };
  const definition = new Sketch(documents.definition);
  const list = member(consumer.step, 'DependsOn');
  const at = child(consumer.pointer, 'DependsOn');
  const known = items(list).findIndex((dependency) => dependencyOf(dependency).step === source);
  if (known >= 0) {
    if (dependencyOf(items(list)[known]).trigger !== trigger) definition.replace(child(at, known), entry);
  } else if (Array.isArray(list)) {
    definition.add(child(at, list.length), entry);
  } else {
    definition.put(consumer.pointer, '/DependsOn', [entry]);
  }
  return editOf('depend', `Run ${target} after ${source}`, definition);
}

/** What a DependsOn entry says. Every spelling of "after it succeeded" counts as Succeeded. */
export function dependencyOf(entry: Json | undefined): { step: string | undefined; trigger: Trigger } {
  const trigger = text(member(entry, 'Trigger'));
  const other = trigger === 'Failed' || trigger === 'Stopped' || trigger === 'Any';
  return { step: text(entry) ?? text(member(entry, 'Step')), trigger: other ? trigger : 'Succeeded' };
}

/** Takes wires off a step. `pointers`: edge pointers into the step, in document order. */
export function disconnect(
  documents: DraftDocuments,
  target: string,
  pointers: readonly string[],
  ports: readonly Port[] = [],
): Edit {
  const consumer = stepNamed(documents.definition, target);
  const definition = new Sketch(documents.definition);
  clearWires(
    definition,
    consumer,
    pointers.map((pointer) => consumer.pointer + pointer),
    ports,
  );
  return editOf('disconnect', `Disconnect ${target}`, definition);
}

/** Take one drawn wire away, whatever it is written as. */
export function disconnectEdge(documents: DraftDocuments, edge: Edge, ports: readonly Port[]): Edit {
  if (edge.kind === 'branch') return disconnectBranch(documents, edge.target);
  const base = stepNamed(documents.definition, edge.target).pointer;
  const edit = disconnect(
    documents,
    edge.target,
    edge.pointers.map((pointer) => pointer.slice(base.length)),
    ports,
  );
  return { ...edit, label: `Disconnect ${edge.source} from ${edge.target}` };
}

export function refuseCycle(edges: readonly Edge[], source: string, target: string): void {
  if (source === target) throw new EditRefused('would-close-cycle', `${source} cannot wait for itself.`);
  if (downstream(edges, target).has(source)) {
    throw new EditRefused(
      'would-close-cycle',
      `${source} already waits for ${target}; this wire would close a circle.`,
    );
  }
}

/**
 * Removes edges at absolute pointers inside the step, last to first. A DependsOn entry is removed, with the list
 * when it was the last. Else the outermost expression around the reference goes: with its whole list item when the
 * item is just what `connect` appends, else it becomes "".
 */
export function clearWires(
  sketch: Sketch,
  step: StepEntry,
  pointers: readonly string[],
  ports: readonly Port[],
): void {
  for (const pointer of [...pointers].reverse()) {
    const tokens = parsePointer(pointer.slice(step.pointer.length));
    const here = sketch.at(step.pointer);
    if (!isObject(here)) continue;
    if (tokens[0] === 'DependsOn') {
      sketch.remove(items(here.DependsOn).length === 1 ? child(step.pointer, 'DependsOn') : pointer);
      continue;
    }
    const relative = outermostExpression(here, tokens);
    if (relative === null) continue;
    const slot = ports
      .filter((port) => (port.direction ?? 'in') === 'in')
      .flatMap((port) => portInstances(here, port, ports))
      .find((instance) => instance.pointer === relative);
    if (slot && slot.item !== null && asAppended(here, slot)) sketch.remove(step.pointer + slot.item);
    else sketch.replace(step.pointer + relative, '');
  }
}

function outermostExpression(step: Json, tokens: readonly string[]): string | null {
  let here: Json | undefined = step;
  for (const [depth, token] of tokens.entries()) {
    here = valueAt(here, child('', token));
    if (expressionKind(here) !== null) return formatPointer(tokens.slice(0, depth + 1));
  }
  return null;
}

function asAppended(step: Json, slot: PortInstance): boolean {
  if (slot.port.item == null || slot.item === null || slot.value === undefined) return false;
  return identical(valueAt(step, slot.item), fillItem(slot.port.item, slot.name, slot.value));
}
