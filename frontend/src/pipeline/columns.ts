export interface Link {
  source: string;
  target: string;
}

/** Names in columns by longest path from a start. Steps on a cycle stand behind everything else. */
export function columnsOf(names: readonly string[], edges: readonly Link[]): string[][] {
  const waiting = new Map(names.map((name) => [name, 0]));
  const after = new Map<string, string[]>();
  for (const edge of edges) {
    waiting.set(edge.target, (waiting.get(edge.target) ?? 0) + 1);
    const targets = after.get(edge.source);
    if (targets) targets.push(edge.target);
    else after.set(edge.source, [edge.target]);
  }
  const depth = new Map<string, number>();
  const ready = names.filter((name) => waiting.get(name) === 0);
  for (const name of ready) depth.set(name, 0);
  for (let index = 0; index < ready.length; index += 1) {
    const name = ready[index] ?? '';
    for (const target of after.get(name) ?? []) {
      depth.set(target, Math.max(depth.get(target) ?? 0, (depth.get(name) ?? 0) + 1));
      const left = (waiting.get(target) ?? 1) - 1;
      waiting.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const done = new Set(ready);
  const last = 1 + Math.max(-1, ...ready.map((name) => depth.get(name) ?? 0));
  const columns: string[][] = Array.from({ length: last + 1 }, () => []);
  for (const name of names) columns[done.has(name) ? (depth.get(name) ?? 0) : last]?.push(name);
  return columns.filter((column) => column.length > 0);
}
