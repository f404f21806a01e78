/** The layout document: positions and comments, keyed by step name; never part of the definition. */
export interface Position {
  x: number;
  y: number;
}

export interface LayoutGroup {
  id: string;
  title: string;
  kind: 'group' | 'sub';
  members: string[];
  collapsed: boolean;
}

export interface LayoutNote {
  id: string;
  text: string;
  x: number;
  y: number;
  width?: number;
  height?: number;
  color?: string;
}

export interface Layout {
  nodes: Record<string, Position>;
  groups: LayoutGroup[];
  notes: LayoutNote[];
  hints: Record<string, unknown>;
}

export const GRID = 20;
export const NODE_WIDTH = 208;
export const NODE_HEIGHT = 64;
/** Distance between columns and rows of a tidy canvas. */
export const COLUMN = 280;
export const ROW = 100;

export function emptyLayout(): Layout {
  return { nodes: {}, groups: [], notes: [], hints: {} };
}

export function snap(value: number): number {
  return Math.round(value / GRID) * GRID;
}
