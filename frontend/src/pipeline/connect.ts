import {
  type Catalog,
  infoOf,
  inputs,
  isFree,
  listPointer,
  outputs,
  type Port,
  type PortInstance,
  typeInfo,
} from './catalog';
import { mismatch } from './compatibility';
import { cycleReason, upstream } from './cycle';
import type { StepEntry } from './definition';
import type { DraftDocuments, Edit } from './edit/edit';
import { connectBranch } from './edit/steps';
import { connect, depend, fileIn, referenceValue } from './edit/wires';
import type { Graph } from './graph';
import { sameJson } from './json';
import { usualValue } from './report-values';
import { AFTER, OUT } from './view';

/** One meaning a wire can have: shown when there is more than one good one. */
export interface Choice {
  id: string;
  title: string;
  detail: string;
  /** 0 fits exactly … 9 always possible, never meant first. */
  rank: number;
  make(): Edit;
}

export interface WireEnds {
  source: string;
  /** The dot the wire left from: an output's id, "if", "else", "after", or "out" for any output. */
  port: string;
  target: string;
}

export interface Scene {
  documents: DraftDocuments;
  graph: Graph;
  catalog: Catalog;
}

interface Choices {
  choices: Choice[];
  reason: string | null;
}

const none = (reason: string): Choices => ({ choices: [], reason });

/** Everything a wire between two steps could mean, best first; or the reason why there is no such wire. */
export function wireChoices(scene: Scene, ends: WireEnds): Choices {
  const source = scene.graph.steps.find((entry) => entry.name === ends.source);
  const target = scene.graph.steps.find((entry) => entry.name === ends.target);
  if (!source || !target) return none('That step is gone.');
  const loop = cycleReason(scene.graph.edges, ends.source, ends.target);
  if (loop) return none(loop);
  if (ends.port === 'if' || ends.port === 'else') return branchChoice(scene, source, target, ends.port);
  const order: Choice = {
    id: 'order',
    title: `Run after ${source.name}`,
    detail: 'Order only, nothing is handed over',
    rank: 9,
    make: () => depend(scene.documents, source.name, target.name),
  };
  if (ends.port === AFTER) return { choices: [order], reason: null };
  const data = dataChoices(scene, source, target, ends.port);
  if (data.choices.length === 0 && outputs(source.step, infoOf(scene.catalog, source)).length > 0)
    return data;
  const ordered = scene.graph.edges.some(
    (edge) => edge.source === source.name && edge.target === target.name,
  );
  return { choices: ordered ? data.choices : [...data.choices, order], reason: null };
}

/** The choice to take without asking, if one is clearly meant. */
export function clearChoice(choices: readonly Choice[]): Choice | null {
  const [best, second] = choices;
  if (!best) return null;
  if (!second) return best;
  return best.rank < second.rank && best.rank < 5 ? best : null;
}

function branchChoice(scene: Scene, source: StepEntry, target: StepEntry, branch: 'if' | 'else'): Choices {
  if (target.parent === source.name && target.branch === branch)
    return none(`${target.name} is in this branch already.`);
  const detail = branch === 'if' ? 'Runs when the condition holds' : 'Runs when the condition does not hold';
  const make = () => connectBranch(scene.documents, source.name, branch, target.name);
  return { choices: [{ id: branch, title: `Run ${target.name}`, detail, rank: 0, make }], reason: null };
}

function dataChoices(scene: Scene, source: StepEntry, target: StepEntry, port: string): Choices {
  const info = infoOf(scene.catalog, target);
  const slots = inputs(target.step, info);
  const choices: Choice[] = [];
  let reason: string | null = null;
  for (const { out, secondary } of candidates(scene.catalog, source, port)) {
    for (const input of info?.ports ?? []) {
      if (input.direction !== 'in') continue;
      const wrong = mismatch(out.port, input);
      reason ??= wrong;
      if (wrong) continue;
      const file = folderFile(out, input);
      const path = input.report_as === 'value' ? usualValue(scene, source, out.name)?.path : undefined;
      const here = slots.filter((slot) => slot.port === input);
      const value = wiredValue(source, out, input);
      if (value === undefined || here.some((slot) => sameJson(slot.value, value))) continue;
      const found = [...here.map((slot) => slotChoice(out, slot)), itemChoice(out, input, here)];
      for (const choice of found) {
        if (!choice) continue;
        const { slot, ...shown } = choice;
        const wire = { source: source.name, path: out.path, target: target.name, port: input.name };
        const more = {
          ports: info?.ports ?? [],
          ...(slot === undefined ? {} : { slot }),
          name: out.name || out.port.name,
          ...(file === undefined ? {} : { file }),
          ...(path === undefined ? {} : { report_path: path }),
        };
        choices.push({
          ...shown,
          // A folder where a model is expected may be meant for a free place, hardly for one more.
          rank: shown.rank + (secondary || (file !== undefined && slot === undefined) ? 3 : 0),
          make: () => connect(scene.documents, { ...wire, ...more }),
        });
      }
    }
  }
  choices.sort((a, b) => a.rank - b.rank);
  return {
    choices,
    reason: choices.length > 0 ? null : (reason ?? `${target.name} has no input that takes this.`),
  };
}

/** The file of a folder that an input takes, when a folder is wired to it. */
export function folderFile(out: PortInstance, input: Port | undefined): string | undefined {
  const folder = out.port.kind === 'dataset' || out.path.startsWith('ProcessingOutputConfig.');
  return folder ? (input?.folder_file ?? undefined) : undefined;
}

function wiredValue(source: StepEntry, out: PortInstance, input: Port) {
  try {
    const value = referenceValue(source, out.path, input);
    const file = folderFile(out, input);
    return file === undefined ? value : fileIn(value, file);
  } catch {
    return undefined;
  }
}

/** The outputs a wire from a dot may mean: the dot's own first; metrics, which have no dot, after it. */
function candidates(
  catalog: Catalog,
  source: StepEntry,
  port: string,
): { out: PortInstance; secondary: boolean }[] {
  const all = outputs(source.step, infoOf(catalog, source)).filter((out) => out.port.kind !== 'branch');
  const exact = port === OUT ? [] : all.filter((out) => out.id === port);
  if (exact.length === 0) return all.map((out) => ({ out, secondary: false }));
  const metrics = all.filter((out) => out.port.kind === 'metric');
  return [
    ...exact.map((out) => ({ out, secondary: false })),
    ...metrics.map((out) => ({ out, secondary: true })),
  ];
}

type Shown = Omit<Choice, 'make'> & { slot?: string };

function slotChoice(out: PortInstance, slot: PortInstance): Shown {
  const free = isFree(slot);
  return {
    id: `${out.id}>${slot.pointer}`,
    title:
      slot.name && slot.item !== null && !isFixed(slot.port)
        ? `${slot.port.title} “${slot.name}”`
        : slot.port.title,
    detail: free ? outTitle(out) : `${outTitle(out)}, instead of what is there`,
    rank: free ? freeRank(out, slot) : 6,
    slot: slot.pointer,
  };
}

function freeRank(out: PortInstance, slot: PortInstance): number {
  if (out.name !== '' && out.name === slot.name) return 0;
  if (slot.port.kind === out.port.kind) return 1;
  return slot.port.kind === 'any' ? 2 : 1.5;
}

function itemChoice(out: PortInstance, input: Port, slots: readonly PortInstance[]): Shown | null {
  if (listPointer(input) === null || input.item == null) return null;
  if (isFixed(input) && slots.length > 0) return null;
  return {
    id: `${out.id}>+${input.name}`,
    title: isFixed(input)
      ? input.title
      : `New ${input.title.toLowerCase()}${input.item_name && out.name ? ` “${out.name}”` : ''}`,
    detail: outTitle(out),
    rank: slots.some(isFree) ? 4.5 : itemRank(out, input),
  };
}

/** A place of its own in a list ("[InputName=model1]"): its title is all there is to say. */
function isFixed(port: Port): boolean {
  return port.pattern.includes('/[');
}

/** A place that is named for it, or of just its kind, is meant before any other new place. */
function itemRank(out: PortInstance, input: Port): number {
  const fixed = /\/\[[^=\]]+=([^\]]*)\]/.exec(input.pattern)?.[1];
  if (fixed === undefined) return 3;
  if (fixed === out.name) return 0;
  return input.kind === out.port.kind ? 1 : 2.5;
}

function outTitle(out: PortInstance): string {
  const told = out.name !== '' && out.name.toLowerCase() !== out.port.title.toLowerCase();
  return told ? `${out.port.title} “${out.name}”` : out.port.title;
}

/**
 * Whether a wire from a dot can end at a step, for every step while it is dragged: one walk over the graph and one
 * look per step type, no edit is built.
 */
export function endings(scene: Scene, start: { step: string; port: string }) {
  const source = scene.graph.steps.find((entry) => entry.name === start.step);
  const before = upstream(scene.graph.edges, start.step);
  const verdicts = new Map<string, string | null>();
  const byType = (type: string): string | null => {
    const known = verdicts.get(type);
    if (known !== undefined) return known;
    const verdict = source ? typeMismatch(scene.catalog, source, start.port, type) : 'That step is gone.';
    verdicts.set(type, verdict);
    return verdict;
  };
  return (target: StepEntry): { ok: boolean; reason: string } => {
    let reason: string | null = null;
    if (target.name === start.step) reason = 'A step cannot feed itself.';
    else if (before.has(target.name)) {
      reason = `${target.name} already leads to ${start.step}, so this wire would close a loop.`;
    } else reason = byType(target.kind);
    return { ok: reason === null, reason: reason ?? '' };
  };
}

function typeMismatch(catalog: Catalog, source: StepEntry, port: string, targetType: string): string | null {
  if (port === AFTER || port === 'if' || port === 'else') return null;
  const all = outputs(source.step, infoOf(catalog, source));
  if (all.length === 0) return null;
  const slots = (typeInfo(catalog, targetType)?.ports ?? []).filter((slot) => slot.direction === 'in');
  let reason: string | null =
    slots.length === 0 ? 'This step takes no input. Wire it from the foot of a step to run after it.' : null;
  for (const { out } of candidates(catalog, source, port)) {
    for (const slot of slots) {
      const wrong = mismatch(out.port, slot);
      if (wrong === null) return null;
      reason ??= wrong;
    }
  }
  return reason;
}

/** Whether a new step of a type could take a wire from this dot. */
export function fitsWire(catalog: Catalog, source: StepEntry, port: string, targetType: string): boolean {
  return typeMismatch(catalog, source, port, targetType) === null;
}
