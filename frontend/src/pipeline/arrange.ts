import { layout as dagreLayout, graphlib } from '@dagrejs/dagre';
import { columnsOf, type Link } from './columns';
import { COLUMN, NODE_HEIGHT, NODE_WIDTH, type Position, ROW, snap } from './layout';

/** Above this many steps dagre takes seconds; our own layers take milliseconds. */
export const DAGRE_LIMIT = 300;

/** Tidy places for steps, left to right, the top left corner kept where it was. */
export function arrange(
  nodes: readonly ({ id: string } & Position)[],
  edges: readonly Link[],
): Record<string, Position> {
  if (nodes.length === 0) return {};
  const names = new Set(nodes.map((node) => node.id));
  const inner = edges.filter((edge) => names.has(edge.source) && names.has(edge.target));
  const placed = nodes.length <= DAGRE_LIMIT ? byDagre(nodes, inner) : byLayers([...names], inner);
  const corner = { x: Math.min(...nodes.map((node) => node.x)), y: Math.min(...nodes.map((node) => node.y)) };
  const all = Object.values(placed);
  const left = Math.min(...all.map((at) => at.x));
  const top = Math.min(...all.map((at) => at.y));
  const shifted = Object.entries(placed).map(
    ([name, at]) => [name, { x: snap(at.x - left + corner.x), y: snap(at.y - top + corner.y) }] as const,
  );
  return Object.fromEntries(shifted);
}

function byDagre(nodes: readonly { id: string }[], edges: readonly Link[]): Record<string, Position> {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: ROW - NODE_HEIGHT, ranksep: COLUMN - NODE_WIDTH, edgesep: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const edge of edges) graph.setEdge(edge.source, edge.target);
  dagreLayout(graph);
  const places = nodes.map(({ id }) => {
    const at = graph.node(id);
    return [id, { x: (at.x ?? 0) - NODE_WIDTH / 2, y: (at.y ?? 0) - NODE_HEIGHT / 2 }] as const;
  });
  return Object.fromEntries(places);
}

/** Columns by longest path, rows by the mean row of the steps before: one pass each way, O(V + E). */
export function byLayers(names: readonly string[], edges: readonly Link[]): Record<string, Position> {
  const columns = columnsOf(names, edges);
  const before = new Map<string, string[]>();
  for (const edge of edges) before.set(edge.target, [...(before.get(edge.target) ?? []), edge.source]);
  const row = new Map<string, number>();
  for (const column of columns) {
    const wanted = column.map((name, index) => {
      const near = (before.get(name) ?? []).flatMap((other) => row.get(other) ?? []);
      return {
        name,
        at: near.length > 0 ? near.reduce((sum, value) => sum + value, 0) / near.length : index,
      };
    });
    wanted.sort((a, b) => a.at - b.at);
    const middle = (wanted.length - 1) / 2;
    for (const [index, { name }] of wanted.entries()) row.set(name, index - middle);
  }
  const places = columns.flatMap((column, index) =>
    column.map((name) => [name, { x: index * COLUMN, y: (row.get(name) ?? 0) * ROW }] as const),
  );
  return Object.fromEntries(places);
}
