import { downstream } from './cycle';
import type { Graph } from './graph';

/** Above this many steps nobody follows single wires, and looking at all pairs would cost time. */
const MAX_STEPS = 300;

/** Data wires whose target is also reached over other steps. */
export function shortcuts(graph: Pick<Graph, 'steps' | 'edges'>): ReadonlySet<string> {
  const found = new Set<string>();
  if (graph.steps.length > MAX_STEPS) return found;
  const reached = new Map(graph.steps.map((entry) => [entry.name, downstream(graph.edges, entry.name)]));
  for (const edge of graph.edges) {
    if (edge.kind !== 'data') continue;
    const around = graph.edges.some(
      (other) =>
        other.source === edge.source &&
        other.target !== edge.target &&
        reached.get(other.target)?.has(edge.target),
    );
    if (around) found.add(edge.id);
  }
  return found;
}
