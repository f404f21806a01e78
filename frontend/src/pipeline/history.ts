import type { DraftDocuments, Edit } from './edit/edit';
import { applyPatch, type Patch } from './patch';

/** An edit that was made, and how to take it back. */
export interface HistoryStep {
  edit: Edit;
  inverse: { definition: Patch; layout: Patch };
  at: number;
  /** Edits with the same key in quick succession are one step: a typing burst, a repeated nudge. */
  merge: string | null;
  /** How many commands of the server's log it is: a burst may have been sent in parts. */
  commands: number;
}

export interface History {
  past: readonly HistoryStep[];
  future: readonly HistoryStep[];
}

export const EMPTY_HISTORY: History = { past: [], future: [] };

/** Longer than this between two key strokes and the next one is a step of its own. */
export const BURST_MS = 1500;
const MAX_STEPS = 500;

export interface Changed {
  documents: DraftDocuments;
  history: History;
  /** True when the edit was folded into the step before it. */
  merged: boolean;
}

/** Do an edit. Redo is forgotten, as everywhere. */
export function perform(
  documents: DraftDocuments,
  history: History,
  edit: Edit,
  options: { merge?: string | null; now: number },
): Changed {
  const definition = applyPatch(documents.definition, edit.definition);
  const layout = applyPatch(documents.layout, edit.layout);
  const merge = options.merge ?? null;
  const last = history.past.at(-1);
  const merged =
    merge !== null &&
    last !== undefined &&
    last.merge === merge &&
    history.future.length === 0 &&
    options.now - last.at < BURST_MS;
  const step: HistoryStep = {
    edit: merged ? joined(last.edit, edit) : edit,
    inverse: {
      definition: [...definition.inverse, ...(merged ? last.inverse.definition : [])],
      layout: [...layout.inverse, ...(merged ? last.inverse.layout : [])],
    },
    at: options.now,
    merge,
    commands: merged ? last.commands : 1,
  };
  const before = merged ? history.past.slice(0, -1) : history.past;
  return {
    documents: { definition: definition.document, layout: layout.document },
    history: { past: [...before, step].slice(-MAX_STEPS), future: [] },
    merged,
  };
}

export function joined(first: Edit, second: Edit): Edit {
  return {
    name: second.name,
    label: second.label,
    definition: [...first.definition, ...second.definition],
    layout: [...first.layout, ...second.layout],
  };
}

/** The last step's commands were sent in one part more than was thought. */
export function splitLast(history: History): History {
  const last = history.past.at(-1);
  if (!last) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, commands: last.commands + 1 }] };
}

/** Take the last step back; null when there is none. `commands`: how many the server takes back for it. */
export function undo(documents: DraftDocuments, history: History) {
  const step = history.past.at(-1);
  if (!step) return null;
  return {
    documents: patched(documents, step.inverse),
    history: { past: history.past.slice(0, -1), future: [{ ...step, merge: null }, ...history.future] },
    commands: step.commands,
  };
}

/** Do the last taken-back step again; null when there is none. */
export function redo(documents: DraftDocuments, history: History) {
  const [step, ...rest] = history.future;
  if (!step) return null;
  return {
    documents: patched(documents, step.edit),
    history: { past: [...history.past, step], future: rest },
    commands: step.commands,
  };
}

function patched(documents: DraftDocuments, edit: Pick<Edit, 'definition' | 'layout'>): DraftDocuments {
  return {
    definition: applyPatch(documents.definition, edit.definition).document,
    layout: applyPatch(documents.layout, edit.layout).document,
  };
}
