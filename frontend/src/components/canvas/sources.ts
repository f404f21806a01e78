import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { StatusKind } from '@/execution/status';

/** What a node shows in its status slot. Same object identity = nothing changed. */
export interface NodeStatus {
  kind: StatusKind;
  /** Short words under the icon: "12.4 s", "cached", "exit 3", "2 of 3". Ignored while `since` is set. */
  text: string;
  /** Client clock milliseconds (server offset already applied): the node counts up from here by itself. */
  since?: number | null;
  /** 0..1, drawn as the bar at the foot. */
  progress?: number | null;
  /** What the step came to, in place of its type: "AUC 0.965", "auc 0.965 ≥ 0.9". */
  figure?: string | null;
  /** The same without abbreviations, where `figure` has some. */
  figureWhole?: string;
}

export type WireState = 'passed' | 'feeding' | 'untaken';

/**
 * A keyed store: `subscribe` calls back only for that key. Status lives here and never in the node list,
 * so a thousand updates a second re-render only the nodes they are about.
 */
export interface KeyedSource<T> {
  get(key: string): T | undefined;
  subscribe(key: string, listener: () => void): () => void;
}

/** Problem counts of a step, for its badge. */
export interface NodeProblems {
  errors: number;
  warnings: number;
}

export interface CanvasSources {
  statuses: KeyedSource<NodeStatus>;
  wires: KeyedSource<WireState>;
  problems: KeyedSource<NodeProblems>;
  /** While a wire is dragged: may it end at this step? The text says why not. */
  targets: KeyedSource<{ ok: boolean; reason: string }>;
  /** What flowed through a wire, in words: "455 rows × 31 columns · 48 KiB". Asked and watched while the pointer is over it. */
  flows: KeyedSource<string>;
}

export const SILENT: KeyedSource<never> = { get: () => undefined, subscribe: () => () => undefined };

export const NO_SOURCES: CanvasSources = {
  statuses: SILENT,
  wires: SILENT,
  problems: SILENT,
  targets: SILENT,
  flows: SILENT,
};

export const CanvasSourcesContext = createContext<CanvasSources>(NO_SOURCES);

export function useKeyed<T>(source: KeyedSource<T>, key: string): T | undefined {
  const subscribe = useCallback((listener: () => void) => source.subscribe(key, listener), [source, key]);
  return useSyncExternalStore(subscribe, () => source.get(key));
}

export function useNodeStatus(id: string): NodeStatus | undefined {
  return useKeyed(useContext(CanvasSourcesContext).statuses, id);
}

export function useWireState(id: string): WireState | undefined {
  return useKeyed(useContext(CanvasSourcesContext).wires, id);
}

/** A keyed store to write into: listeners of a key are told once per animation frame. */
export class KeyedStore<T> implements KeyedSource<T> {
  private readonly values = new Map<string, T>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly dirty = new Set<string>();
  private scheduled = false;

  constructor(private readonly schedule: (flush: () => void) => void = nextFrame) {}

  get(key: string): T | undefined {
    return this.values.get(key);
  }

  set(key: string, value: T | undefined): void {
    if (this.values.get(key) === value) return;
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, value);
    this.dirty.add(key);
    if (this.scheduled) return;
    this.scheduled = true;
    this.schedule(() => this.flush());
  }

  /** Make the store hold exactly these entries. */
  replace(entries: ReadonlyMap<string, T>): void {
    for (const key of [...this.values.keys()]) if (!entries.has(key)) this.set(key, undefined);
    for (const [key, value] of entries) this.set(key, value);
  }

  subscribe(key: string, listener: () => void): () => void {
    const existing = this.listeners.get(key) ?? new Set();
    existing.add(listener);
    this.listeners.set(key, existing);
    return () => {
      existing.delete(listener);
      if (existing.size === 0) this.listeners.delete(key);
    };
  }

  flush(): void {
    this.scheduled = false;
    const keys = [...this.dirty];
    this.dirty.clear();
    for (const key of keys) for (const listener of this.listeners.get(key) ?? []) listener();
  }
}

function nextFrame(flush: () => void): void {
  if (typeof requestAnimationFrame === 'function' && !document.hidden) requestAnimationFrame(flush);
  else setTimeout(flush, 16);
}
