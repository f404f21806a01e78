import { createContext } from 'react';
import type { StatusKind } from '../../execution/status';
import type { WireStatus } from '../../execution/wires';

/** What a node shows of a run: icon and colour by kind, the word beside it, and a bar when a fraction is known. */
export interface NodeStatus {
  kind: StatusKind;
  word: string;
  fraction: number | null;
}

/** Live status for the canvas, kept outside its nodes and wires: each reads and follows only its own. */
export interface CanvasStatusSource {
  /** The same object until it changes, so it can be a `useSyncExternalStore` snapshot. */
  node(step: string): NodeStatus | undefined;
  subscribeNode(step: string, listener: () => void): () => void;
  wire(source: string, target: string, branch: 'if' | 'else' | null): WireStatus;
  subscribeWire(source: string, target: string, listener: () => void): () => void;
}

/** Null on the editor's canvas, where nothing runs. */
export const CanvasStatus = createContext<CanvasStatusSource | null>(null);
