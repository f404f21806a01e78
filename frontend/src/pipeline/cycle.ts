interface Link {
  source: string;
  target: string;
}

/** Every step that `from` leads to, directly or over others. */
export function downstream(edges: readonly Link[], from: string): Set<string> {
  return reach(
    edges,
    from,
    (edge) => edge.source,
    (edge) => edge.target,
  );
}

/** Every step that leads to `to`. */
export function upstream(edges: readonly Link[], to: string): Set<string> {
  return reach(
    edges,
    to,
    (edge) => edge.target,
    (edge) => edge.source,
  );
}

function reach(
  edges: readonly Link[],
  start: string,
  near: (edge: Link) => string,
  far: (edge: Link) => string,
): Set<string> {
  const next = new Map<string, string[]>();
  for (const edge of edges) {
    const list = next.get(near(edge));
    if (list) list.push(far(edge));
    else next.set(near(edge), [far(edge)]);
  }
  const found = new Set<string>();
  const queue = [start];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    for (const other of next.get(name) ?? []) {
      if (found.has(other)) continue;
      found.add(other);
      queue.push(other);
    }
  }
  return found;
}

/** A sentence when a wire from `source` to `target` would close a loop, else null. */
export function cycleReason(edges: readonly Link[], source: string, target: string): string | null {
  if (source === target) return 'A step cannot feed itself.';
  return downstream(edges, target).has(source)
    ? `${target} already leads to ${source}, so this wire would close a loop.`
    : null;
}
