import { createStore, type StoreApi } from 'zustand/vanilla';
import { isOffline } from '@/api/problem-error';
import type { Draft, DraftSaved } from '@/api/types';
import { Autosave, type QueuedEdit, type SaveState } from '@/pipeline/autosave';
import { type DraftDocuments, type Edit, EditRefused } from '@/pipeline/edit/edit';
import { EMPTY_HISTORY, type History, perform, redo, splitLast, undo } from '@/pipeline/history';
import { readLayout } from '@/pipeline/layout';
import type { Problem } from '@/pipeline/problem';
import { parseText } from '@/pipeline/text';

export interface EditorState {
  documents: DraftDocuments;
  history: History;
  save: SaveState;
  /** What the server could take back or bring back beyond this page's own history. */
  remote: { undo: string | null; redo: string | null };
  problems: readonly Problem[];
  baseVersion: number | null;
  changesSinceVersion: number;
  /** A version that came from the API while this draft had changes of its own. */
  arrivedVersion: number | null;
  selected: readonly string[];
  selectedEdges: readonly string[];
  /** A field to open and focus, as a pointer into the definition; a new object asks again. */
  focus: { pointer: string } | null;
  /** A step to bring into view, or all of them for null; a new object asks again. */
  reveal: { step: string | null } | null;
}

export interface EditorActions {
  /** Do an edit; false (with the reason told) when it is refused. Empty edits change nothing. */
  run(make: (documents: DraftDocuments) => Edit, options?: { merge?: string; text?: string }): boolean;
  undo(): void;
  redo(): void;
  select(steps: readonly string[], edges?: readonly string[]): void;
  /** Select a step and bring it into view. */
  show(step: string): void;
  /** Bring every step into view. */
  showAll(): void;
  focusOn(problem: Pick<Problem, 'pointer' | 'step'>): void;
  published(version: number): void;
  /** A version came from the API while this draft had changes. */
  arrived(version: number): void;
  /** What is wrong with columns; found apart from the rest, as it depends on files. */
  tellColumns(problems: readonly Problem[]): void;
  /** Addresses steps read where nothing is stored yet. */
  tellAddresses(problems: readonly Problem[]): void;
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
  step(revision: number, direction: 'undo' | 'redo'): Promise<DraftSaved>;
  read(): Promise<Draft>;
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
      step: options.step,
      isTemporary: isOffline,
      onState: (save) => set({ save }),
      onSaved: (result) =>
        set({
          problems: checked(result.problems),
          changesSinceVersion: result.changes_since_version,
          arrivedVersion: result.arrived_version,
        }),
    });
    let found: Record<'draft' | 'columns' | 'addresses', readonly Problem[]> = {
      draft: draft.problems,
      columns: [],
      addresses: [],
    };
    const every = () =>
      found.columns.length + found.addresses.length > 0
        ? [...found.draft, ...found.columns, ...found.addresses]
        : found.draft;
    const tell = (part: 'columns' | 'addresses', problems: readonly Problem[]) => {
      if (problems.length === 0 && found[part].length === 0) return;
      found = { ...found, [part]: problems };
      set({ problems: every() });
    };
    const checked = (problems: readonly Problem[]) => {
      found = { ...found, draft: problems };
      return every();
    };
    const change = ({ documents, history }: { documents: DraftDocuments; history: History }) =>
      set({ documents, history, focus: null });
    /** Steps taken back in the server's log beyond this page's own history; these come forth first. */
    let beyond = 0;
    let busy = false;
    /** Presses that came while one was on its way; none is lost. */
    const pressed: ('undo' | 'redo')[] = [];
    const stepRemote = async (direction: 'undo' | 'redo') => {
      busy = true;
      try {
        await autosave.flush();
        if (get().save.kind !== 'saved') return;
        await options.step(autosave.currentRevision, direction);
        const now = await options.read();
        autosave.moveTo(now.revision);
        beyond = Math.max(0, beyond + (direction === 'undo' ? 1 : -1));
        set({
          documents: documentsOf(now),
          problems: checked(now.problems),
          changesSinceVersion: now.changes_since_version,
          arrivedVersion: now.arrived_version,
          remote: { undo: now.undo_label, redo: now.redo_label },
          save: { kind: 'saved', at: now.saved_at },
          focus: null,
        });
      } catch (error) {
        pressed.length = 0;
        options.refuse(error instanceof Error ? error.message : String(error));
      } finally {
        busy = false;
      }
      const next = pressed.shift();
      if (next) get()[next]();
    };

    return {
      documents: documentsOf(draft),
      history: EMPTY_HISTORY,
      remote: { undo: draft.undo_label, redo: draft.redo_label },
      save: { kind: 'saved', at: draft.saved_at },
      problems: draft.problems,
      baseVersion: draft.base_version,
      changesSinceVersion: draft.changes_since_version,
      arrivedVersion: draft.arrived_version,
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
          const folded = autosave.add(
            text === undefined ? edit : { ...edit, definition_text: text },
            changed.merged,
          );
          change(changed.merged && !folded ? { ...changed, history: splitLast(changed.history) } : changed);
          beyond = 0;
          if (get().remote.redo !== null) set({ remote: { ...get().remote, redo: null } });
          return true;
        } catch (error) {
          if (!(error instanceof EditRefused)) throw error;
          options.refuse(error.message);
          return false;
        }
      },
      undo() {
        if (options.readOnly) return;
        if (busy) {
          pressed.push('undo');
          return;
        }
        const changed = undo(get().documents, get().history);
        if (changed) {
          change(changed);
          autosave.addSteps('undo', changed.commands);
        } else if (get().remote.undo !== null) void stepRemote('undo');
      },
      redo() {
        if (options.readOnly) return;
        if (busy) {
          pressed.push('redo');
          return;
        }
        const changed = beyond > 0 ? null : redo(get().documents, get().history);
        if (changed) {
          change(changed);
          autosave.addSteps('redo', changed.commands);
        } else if (get().remote.redo !== null) void stepRemote('redo');
      },
      select(steps, edges = []) {
        const { selected, selectedEdges } = get();
        if (sameList(selected, steps) && sameList(selectedEdges, edges)) return;
        set({ selected: steps, selectedEdges: edges });
      },
      show: (step) => set({ selected: [step], selectedEdges: [], reveal: { step } }),
      showAll: () => set({ reveal: { step: null } }),
      focusOn(problem) {
        set({
          selected: problem.step ? [problem.step] : get().selected,
          selectedEdges: [],
          focus: { pointer: problem.pointer },
          ...(problem.step ? { reveal: { step: problem.step } } : {}),
        });
      },
      tellColumns: (problems) => tell('columns', problems),
      tellAddresses: (problems) => tell('addresses', problems),
      published: (version) => set({ baseVersion: version, changesSinceVersion: 0, arrivedVersion: null }),
      arrived(version) {
        if (get().arrivedVersion !== version && get().baseVersion !== version)
          set({ arrivedVersion: version });
      },
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
