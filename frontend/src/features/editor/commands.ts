import { notifications } from '@mantine/notifications';
import { infoOf } from '@/pipeline/catalog';
import { clearChoice, wireChoices } from '@/pipeline/connect';
import type { Edit } from '@/pipeline/edit/edit';
import { cornerOf, type Fragment, fragmentOf, pasteSteps } from '@/pipeline/edit/paste';
import { addStep, moveSteps, type PortsByType, removeSteps, renameStep } from '@/pipeline/edit/steps';
import { disconnectEdge } from '@/pipeline/edit/wires';
import { deriveGraph } from '@/pipeline/graph';
import { joined } from '@/pipeline/history';
import { COLUMN, GRID, NODE_HEIGHT, NODE_WIDTH, type Position, ROW, snap } from '@/pipeline/layout';
import { nameFromTitle } from '@/pipeline/names';
import type { PaletteEntry } from '@/pipeline/palette';
import { applyPatch } from '@/pipeline/patch';
import type { CanvasView } from '@/pipeline/view';
import { arrangeInWorker } from './arrange';
import { copyFragment, readFragment } from './clipboard';
import type { EditorScene } from './editor-context';

/** A wire that a new step is to be joined to. */
export interface PendingWire {
  step: string;
  /** The output it leaves from, or "in" when the new step comes before. */
  port: string;
}

export interface EditorCommands {
  tell(message: string): void;
  /** Add next to the selected step, wired when that is clear; else where there is room. */
  add(entry: PaletteEntry): void;
  addAt(entry: PaletteEntry, at: Position, wire?: PendingWire | null): void;
  remove(): void;
  rename(step: string, name: string): boolean;
  copy(): void;
  paste(keepIncoming?: boolean): Promise<void>;
  duplicate(): void;
  selectAll(): void;
  /** Done when the steps stand in their new places. */
  tidy(): Promise<void>;
  nudge(dx: number, dy: number): void;
}

/** What menus, keys and the canvas have in common. `view` is asked at the moment of use. */
export function editorCommands(scene: EditorScene, view: () => CanvasView): EditorCommands {
  const { store, catalog, session } = scene;
  const state = () => store.getState();
  const ports: PortsByType = Object.fromEntries(catalog.types.map((info) => [info.type, info.ports]));
  const tell = (message: string) => notifications.show({ message, autoClose: 5000, withBorder: true });

  const addAt = (entry: PaletteEntry, at: Position, wire: PendingWire | null = null) => {
    let added = '';
    const position = { x: snap(at.x), y: snap(at.y) };
    const done = state().run((documents) => {
      const bucket = session.workspace.default_bucket;
      const { name, edit } = addStep(documents, {
        template: entry.template,
        name: nameFromTitle(entry.title),
        bucket,
        position,
      });
      added = name;
      if (!wire) return edit;
      const after = {
        definition: applyPatch(documents.definition, edit.definition).document,
        layout: applyPatch(documents.layout, edit.layout).document,
      };
      const graph = deriveGraph(after.definition);
      const ends =
        wire.port === 'in'
          ? { source: name, port: 'out', target: wire.step }
          : { source: wire.step, port: wire.port, target: name };
      const { choices } = wireChoices({ documents: after, graph, catalog }, ends);
      const choice =
        clearChoice(choices) ?? (choices.length > 0 && choices[0]?.rank !== 9 ? choices[0] : null);
      return choice ? { ...joined(edit, choice.make()), name: 'add_step', label: edit.label } : edit;
    });
    if (done && added) state().show(added);
  };

  return {
    tell,
    addAt,
    add: (entry) => {
      const current = view();
      const anchor = current.nodes.find((node) => node.id === state().selected[0]);
      if (!anchor) return addAt(entry, freePlace(current, null));
      const port = anchor.outputs[0]?.id ?? 'after';
      addAt(entry, freePlace(current, anchor), anchor.canLead ? { step: anchor.id, port } : null);
    },
    remove: () => {
      const { selected, selectedEdges, run } = state();
      const graph = view().graph;
      const edges = graph.edges.filter((edge) => selectedEdges.includes(edge.id));
      if (selected.length > 0) {
        const label = selected.length === 1 ? selected[0] : `${selected.length} steps`;
        if (!run((documents) => removeSteps(documents, selected, ports))) return;
        state().select([]);
        tell(`Deleted ${label}. Ctrl+Z brings it back.`);
      } else if (edges.length > 0) {
        run((documents) => {
          let now = documents;
          let all: Edit | null = null;
          for (const edge of edges) {
            const fresh = deriveGraph(now.definition).edges.find((candidate) => candidate.id === edge.id);
            const end = graph.steps.find((entry) => entry.name === edge.target);
            if (!fresh) continue;
            const edit = disconnectEdge(now, fresh, (end ? infoOf(catalog, end)?.ports : undefined) ?? []);
            now = { ...now, definition: applyPatch(now.definition, edit.definition).document };
            all = all ? { ...joined(all, edit), label: `Disconnect ${edges.length} wires` } : edit;
          }
          return all ?? { name: 'disconnect', label: '', definition: [], layout: [] };
        });
        state().select([]);
      }
    },
    rename: (step, name) => {
      const done = state().run((documents) => renameStep(documents, step, name));
      if (done) state().select(state().selected.map((entry) => (entry === step ? name : entry)));
      return done;
    },
    copy: () => {
      const fragment = selectedFragment(state().documents.definition, state().selected, view());
      if (fragment)
        void copyFragment(fragment).then(() =>
          tell(`Copied ${fragment.steps.length === 1 ? 'a step' : `${fragment.steps.length} steps`}.`),
        );
    },
    paste: async (keepIncoming = false) => {
      const fragment = await readFragment();
      if (!fragment) {
        tell('The clipboard holds no steps.');
        return;
      }
      pasteFragment(scene, fragment, { at: pastePlace(view(), fragment), keepIncoming });
    },
    duplicate: () => {
      const fragment = selectedFragment(state().documents.definition, state().selected, view());
      if (!fragment) return;
      const corner = cornerOf(fragment.positions);
      pasteFragment(scene, fragment, {
        at: { x: corner.x + 2 * GRID, y: corner.y + ROW },
        keepIncoming: true,
        verb: 'Duplicate',
      });
    },
    selectAll: () => state().select(view().nodes.map((node) => node.id)),
    nudge: (dx, dy) => {
      const moved = view().nodes.filter((node) => state().selected.includes(node.id));
      if (moved.length === 0) return;
      const places = moved.map((node) => [node.id, { x: node.x + dx, y: node.y + dy }] as const);
      state().run((documents) => moveSteps(documents, Object.fromEntries(places)), { merge: 'nudge' });
    },
    tidy: async () => {
      const current = view();
      const chosen = state().selected.length > 1 ? new Set(state().selected) : null;
      const nodes = chosen ? current.nodes.filter((node) => chosen.has(node.id)) : current.nodes;
      const places = await arrangeInWorker(nodes, current.edges);
      state().run((documents) =>
        moveSteps(documents, places, chosen ? `Tidy ${nodes.length} steps` : 'Tidy the canvas'),
      );
      state().showAll();
    },
  };
}

function selectedFragment(
  definition: Parameters<typeof fragmentOf>[0],
  selected: readonly string[],
  view: CanvasView,
): Fragment | null {
  if (selected.length === 0) return null;
  const positions = Object.fromEntries(view.nodes.map(({ id, x, y }) => [id, { x, y }]));
  return fragmentOf(definition, selected, positions);
}

function pasteFragment(
  { store }: EditorScene,
  fragment: Fragment,
  options: Parameters<typeof pasteSteps>[2],
): void {
  let names: string[] = [];
  store.getState().run((documents) => {
    const pasted = pasteSteps(documents, fragment, options);
    names = pasted.names;
    return pasted.edit;
  });
  if (names.length > 0) store.getState().select(names);
}

function pastePlace(view: CanvasView, fragment: Fragment): Position {
  const corner = cornerOf(fragment.positions);
  const taken = new Set(view.nodes.map((node) => `${node.x} ${node.y}`));
  let at = { x: corner.x + 2 * GRID, y: corner.y + 2 * GRID };
  while (taken.has(`${at.x} ${at.y}`)) at = { x: at.x + 2 * GRID, y: at.y + 2 * GRID };
  return at;
}

/** Right of the anchor, or below everything already there; never on top of another step. */
export function freePlace(view: CanvasView, anchor: { x: number; y: number } | null): Position {
  const start = anchor ? { x: anchor.x + COLUMN, y: anchor.y } : firstPlace(view);
  let at = { x: snap(start.x), y: snap(start.y) };
  const overlaps = (place: Position) =>
    view.nodes.some(
      (node) =>
        Math.abs(node.x - place.x) < NODE_WIDTH + GRID && Math.abs(node.y - place.y) < NODE_HEIGHT + GRID,
    );
  while (overlaps(at)) at = { x: at.x, y: at.y + ROW };
  return at;
}

function firstPlace(view: CanvasView): Position {
  if (view.nodes.length === 0) return { x: 0, y: 0 };
  const right = Math.max(...view.nodes.map((node) => node.x));
  const atRight = view.nodes.filter((node) => node.x === right);
  return { x: right + COLUMN, y: Math.min(...atRight.map((node) => node.y)) };
}
