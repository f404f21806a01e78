import { isNumber, isObject, items, type Json, type JsonObject, member, text } from './json';

/** The layout document: positions and comments, keyed by step name; never part of the definition. */
export type Position = { x: number; y: number };

export type LayoutGroup = {
  id: string;
  title: string;
  kind: 'group' | 'sub';
  members: string[];
  collapsed: boolean;
};

export type Layout = {
  nodes: Record<string, Position>;
  groups: LayoutGroup[];
  notes: JsonObject[];
  hints: JsonObject;
};

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

/** A layout document as the canvas needs it; parts that are malformed or absent count as empty. */
export function readLayout(document: Json | undefined): Layout {
  const nodes: Record<string, Position> = {};
  const stored = member(document, 'nodes');
  if (isObject(stored)) {
    for (const [name, at] of Object.entries(stored)) {
      const [x, y] = [member(at, 'x'), member(at, 'y')];
      if (isNumber(x) && isNumber(y)) nodes[name] = { x: Number(x), y: Number(y) };
    }
  }
  const hints = member(document, 'hints');
  return {
    nodes,
    groups: items(member(document, 'groups')).flatMap(readGroup),
    notes: items(member(document, 'notes')).filter(isObject),
    hints: isObject(hints) ? hints : {},
  };
}

function readGroup(group: Json): LayoutGroup[] {
  const id = text(member(group, 'id'));
  if (id === undefined) return [];
  return [
    {
      id,
      title: text(member(group, 'title')) ?? '',
      kind: member(group, 'kind') === 'sub' ? 'sub' : 'group',
      members: items(member(group, 'members')).filter((name) => typeof name === 'string'),
      collapsed: member(group, 'collapsed') === true,
    },
  ];
}
