import {
  type CanvasSources,
  type KeyedSource,
  KeyedStore,
  type NodeStatus,
  type WireState,
} from '@/components/canvas/sources';
import { type FoundFigures, flowWords, untoldOutput } from '@/execution/flows';
import { decisionWords, keyFigure, keyFigureWords, shortFigureWords } from '@/execution/key-figure';
import type { ServerClock } from '@/execution/server-clock';
import { secondsOf, shortCause, stepKind, stepWord } from '@/execution/status';
import type { ExecutionStore } from '@/execution/store';
import { isActiveStep, type StepRow } from '@/execution/types';
import { wireStatus } from '@/execution/wires';
import type { CanvasEdge } from '@/pipeline/view';

/** Feeds the canvas from the store: one row, one status object, the same until the row changes. */
export function nodeStatuses(store: ExecutionStore, clock: ServerClock): KeyedSource<NodeStatus> {
  const told = new WeakMap<StepRow, NodeStatus>();
  return {
    get(name) {
      const row = store.step(name);
      if (!row) return undefined;
      const known = told.get(row) ?? nodeStatus(row, clock);
      told.set(row, known);
      return known;
    },
    subscribe: (name, listener) => store.subscribeStep(name, listener),
  };
}

function nodeStatus(row: StepRow, clock: ServerClock): NodeStatus {
  const busy = isActiveStep(row.status) && row.status !== 'Stopping' && !row.waiting_for;
  const running = busy && row.started_at !== null;
  const seconds = secondsOf(row, clock.now()) ?? 0;
  return {
    kind: stepKind(row),
    // A cause, or that somebody has to answer, stands where there is room for it, in place of the step's type.
    text: row.status === 'Failed' || stepKind(row) === 'person' ? '' : stepWord(row, clock.now()),
    since: running ? Date.now() - seconds * 1000 : null,
    progress: running ? (row.progress?.fraction ?? null) : null,
    ...figureOf(row, clock.now()),
  };
}

function figureOf(row: StepRow, now: number): Pick<NodeStatus, 'figure' | 'figureWhole'> {
  if (row.status === 'Failed') return { figure: shortCause(row) };
  if (stepKind(row) === 'person') return { figure: stepWord(row, now) };
  const figure = keyFigure(row);
  if (figure) return { figure: shortFigureWords(figure), figureWhole: keyFigureWords(figure) };
  return { figure: decisionWords(row)?.replace(/ → \w+$/, '') ?? null };
}

/** Looks into a table a step said nothing of. */
export type LookInto = (source: StepRow, output: string) => Promise<FoundFigures>;

/** What flowed through each wire, by its id on the canvas; tables are looked into when somebody watches theirs. */
export function wireFlows(
  store: ExecutionStore,
  edges: readonly CanvasEdge[],
  lookInto: LookInto,
): CanvasSources['flows'] {
  const byId = new Map(edges.map((edge) => [edge.id, edge]));
  const found = new KeyedStore<FoundFigures>();
  const find = (id: string): [CanvasEdge, StepRow] | null => {
    const edge = byId.get(id);
    const source = edge ? store.step(edge.source) : undefined;
    return edge && source ? [edge, source] : null;
  };
  const look = async (id: string): Promise<void> => {
    const wire = find(id);
    const output = wire && !found.get(id) ? untoldOutput(...wire) : null;
    if (wire && output !== null) found.set(id, await lookInto(wire[1], output));
  };
  return {
    get(id) {
      const wire = find(id);
      return (wire && flowWords(...wire, found.get(id))) ?? undefined;
    },
    subscribe(id, listener) {
      // Without an answer the wire tells what it knows: files and bytes.
      look(id).catch(() => undefined);
      return found.subscribe(id, listener);
    },
  };
}

const STATES = { idle: undefined, passed: 'passed', feeding: 'feeding', 'not-taken': 'untaken' } as const;

/** How each wire stands, by its id on the canvas. */
export function wireStates(store: ExecutionStore, edges: readonly CanvasEdge[]): KeyedSource<WireState> {
  const byId = new Map(edges.map((edge) => [edge.id, edge]));
  return {
    get(id) {
      const edge = byId.get(id);
      if (!edge) return undefined;
      const branch = edge.trigger === 'if' || edge.trigger === 'else' ? edge.trigger : null;
      return STATES[wireStatus(store.step(edge.source), store.step(edge.target), branch)];
    },
    subscribe(id, listener) {
      const edge = byId.get(id);
      if (!edge) return () => undefined;
      const leave = [store.subscribeStep(edge.source, listener), store.subscribeStep(edge.target, listener)];
      return () => {
        for (const stop of leave) stop();
      };
    },
  };
}
