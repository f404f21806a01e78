import { createStore, type StoreApi } from 'zustand/vanilla';
import { isOffline } from '@/api/problem-error';
import type { Draft, DraftSaved } from '@/api/types';
import { Autosave, type QueuedEdit, type SaveState } from '@/pipeline/autosave';
import { type DraftDocuments, type Edit, EditRefused } from '@/pipeline/edit/edit';
import { EMPTY_HISTORY, type History, perform, redo, undo } from '@/pipeline/history';
import { readLayout } from '@/pipeline/layout';
import type { Problem } from '@/pipeline/problem';
import { parseText } from '@/pipeline/text';

export interface EditorState {
  documents: DraftDocuments;
  history: History;
  save: SaveState;
  problems: readonly Problem[];
  baseVersion: number | null;
  changesSinceVersion: number;
  selected: readonly string[];
  selectedEdges: readonly string[];
  /** A field to open and focus, as a pointer into the definition; a new object asks again. */
  focus: { pointer: string } | null;
  /** A step to bring into view; a new object asks again. */
  reveal: { step: string } | null;
}

export interface EditorActions {
  /** Do an edit; false (with the reason told) when it is refused. Empty edits change nothing. */
  run(make: (documents: DraftDocuments) => Edit, options?: { merge?: string; text?: string }): boolean;
  undo(): void;
  redo(): void;
  select(steps: readonly string[], edges?: readonly string[]): void;
  /** Select a step and bring it into view. */
  show(step: string): void;
  focusOn(problem: Pick<Problem, 'pointer' | 'step'>): void;
  published(version: number): void;
  /** The revision the server last confirmed. */
  revision(): number;
  /** Everything the person did is on the server, or the server refused. */
  flush(): Promise<void>;
  /** Stop saving: the page is left, or the server's state is taken. */
  close(): void;
}

export type EditorStore = StoreApi<EditorState & EditorActions>;

export interface EditorOptions {
  draft: Draft;
  send(revision: number, commands: readonly QueuedEdit[]): Promise<DraftSaved>;
  /** Says a refusal to the person. */
  refuse(message: string): void;
  readOnly: boolean;
}

/** The open draft: its two documents, their history, and what is on its way to the server. */
export function createEditorStore(options: EditorOptions): EditorStore {
  const { draft } = options;
  return createStore<EditorState & EditorActions>((set, get) => {
    const autosave = new Autosave<DraftSaved>({
      revision: draft.revision,
      savedAt: draft.saved_at,
      send: options.send,
      isTemporary: isOffline,
      onState: (save) => set({ save }),
      onSaved: (result) =>
        set({ problems: result.problems, changesSinceVersion: result.changes_since_version }),
    });
    const change = (changed: { documents: DraftDocuments; history: History }) =>
      set({ ...changed, focus: null });

    return {
      documents: documentsOf(draft),
      history: EMPTY_HISTORY,
      save: { kind: 'saved', at: draft.saved_at },
      problems: draft.problems,
      baseVersion: draft.base_version,
      changesSinceVersion: draft.changes_since_version,
      selected: [],
      selectedEdges: [],
      focus: null,
      reveal: null,

      run(make, { merge, text } = {}) {
        if (options.readOnly) {
          options.refuse('Your role may look at this pipeline, not change it.');
          return false;
        }
        const { documents, history } = get();
        try {
          const edit = make(documents);
          if (edit.definition.length === 0 && edit.layout.length === 0) return true;
          const changed = perform(documents, history, edit, { merge: merge ?? null, now: Date.now() });
          change(changed);
          autosave.add(text === undefined ? edit : { ...edit, definition_text: text }, changed.merged);
          return true;
        } catch (error) {
          if (!(error instanceof EditRefused)) throw error;
          options.refuse(error.message);
          return false;
        }
      },
      undo() {
        const changed = undo(get().documents, get().history);
        if (!changed || options.readOnly) return;
        change(changed);
        autosave.add(changed.edit);
      },
      redo() {
        const changed = redo(get().documents, get().history);
        if (!changed || options.readOnly) return;
        change(changed);
        autosave.add(changed.edit);
      },
      select(steps, edges = []) {
        const { selected, selectedEdges } = get();
        if (sameList(selected, steps) && sameList(selectedEdges, edges)) return;
        set({ selected: steps, selectedEdges: edges });
      },
      show: (step) => set({ selected: [step], selectedEdges: [], reveal: { step } }),
      focusOn(problem) {
        set({
          selected: problem.step ? [problem.step] : get().selected,
          selectedEdges: [],
          focus: { pointer: problem.pointer },
          ...(problem.step ? { reveal: { step: problem.step } } : {}),
        });
      },
      published: (version) => set({ baseVersion: version, changesSinceVersion: 0 }),
      revision: () => autosave.currentRevision,
      flush: () => autosave.flush(),
      close: () => autosave.stop(),
    };
  });
}

/** A draft's texts as documents. A definition that is no JSON opens as an empty one; the text panel shows why. */
export function documentsOf(draft: Pick<Draft, 'definition' | 'layout'>): DraftDocuments {
  const parsed = parseText(draft.definition);
  return {
    definition: parsed.ok ? parsed.value : { Version: '2020-12-01', Steps: [] },
    layout: readLayout(draft.layout),
  };
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
