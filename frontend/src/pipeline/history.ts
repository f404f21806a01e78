import type { DraftDocuments, Edit } from './edit/edit';
import { applyPatch, type Patch } from './patch';

/** An edit that was made, and how to take it back. */
export interface HistoryStep {
  edit: Edit;
  inverse: { definition: Patch; layout: Patch };
  at: number;
  /** Edits with the same key in quick succession are one step: a typing burst, a repeated nudge. */
  merge: string | null;
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

/** Take the last step back; null when there is none. `edit` is what the server is told. */
export function undo(documents: DraftDocuments, history: History) {
  const step = history.past.at(-1);
  if (!step) return null;
  const edit: Edit = { name: 'undo', label: `Undo: ${step.edit.label}`, ...step.inverse };
  return {
    documents: patched(documents, edit),
    history: { past: history.past.slice(0, -1), future: [step, ...history.future] },
    edit,
  };
}

/** Do the last taken-back step again; null when there is none. */
export function redo(documents: DraftDocuments, history: History) {
  const [step, ...rest] = history.future;
  if (!step) return null;
  const edit: Edit = { ...step.edit, name: 'redo', label: `Redo: ${step.edit.label}` };
  return {
    documents: patched(documents, edit),
    history: { past: [...history.past, { ...step, merge: null }], future: rest },
    edit,
  };
}

function patched(documents: DraftDocuments, edit: Edit): DraftDocuments {
  return {
    definition: applyPatch(documents.definition, edit.definition).document,
    layout: applyPatch(documents.layout, edit.layout).document,
  };
}
