import type { Graph } from './graph';

/** Step names in columns by longest path from a start, restricted to `names`. O(V+E); steps on a cycle come last. */
export function layers(graph: Graph, names: ReadonlySet<string>): string[][] {
  const edges = graph.edges.filter((edge) => names.has(edge.source) && names.has(edge.target));
  const incoming = new Map<string, number>();
  const outgoing = new Map<string, string[]>();
  for (const name of names) incoming.set(name, 0);
  for (const edge of edges) {
    incoming.set(edge.target, (incoming.get(edge.target) ?? 0) + 1);
    const targets = outgoing.get(edge.source);
    if (targets) targets.push(edge.target);
    else outgoing.set(edge.source, [edge.target]);
  }
  const depth = new Map<string, number>();
  const ready = graph.steps.map((entry) => entry.name).filter((name) => incoming.get(name) === 0);
  for (const name of ready) depth.set(name, 0);
  for (let index = 0; index < ready.length; index += 1) {
    const name = ready[index] as string;
    const at = depth.get(name) ?? 0;
    for (const target of outgoing.get(name) ?? []) {
      depth.set(target, Math.max(depth.get(target) ?? 0, at + 1));
      const left = (incoming.get(target) ?? 1) - 1;
      incoming.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const columns: string[][] = [];
  const last = Math.max(0, ...[...depth.values()].map((at) => at + 1));
  const done = new Set(ready);
  for (const entry of graph.steps) {
    if (!names.has(entry.name)) continue;
    const column = done.has(entry.name) ? (depth.get(entry.name) ?? 0) : last;
    const existing = columns[column];
    if (existing) existing.push(entry.name);
    else columns[column] = [entry.name];
  }
  return columns.map((column) => column ?? []);
}
