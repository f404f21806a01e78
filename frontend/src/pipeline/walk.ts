export type Direction = 'left' | 'right' | 'up' | 'down';

interface Placed {
  id: string;
  x: number;
  y: number;
}

/** The step an arrow key goes to: a wired neighbour in that direction first, else the nearest step there. */
export function neighbour<T extends Placed>(
  nodes: readonly T[],
  edges: readonly { source: string; target: string }[],
  from: T,
  direction: Direction,
): T | undefined {
  const ahead = nodes.filter((node) => node !== from && distance(from, node, direction) !== undefined);
  const wired = new Set(
    edges.flatMap((edge) =>
      edge.source === from.id ? [edge.target] : edge.target === from.id ? [edge.source] : [],
    ),
  );
  const horizontal = direction === 'left' || direction === 'right';
  const connected = horizontal ? ahead.filter((node) => wired.has(node.id)) : [];
  const pool = connected.length > 0 ? connected : ahead;
  return pool.reduce<T | undefined>((best, node) => {
    if (!best) return node;
    return (distance(from, node, direction) ?? 0) < (distance(from, best, direction) ?? 0) ? node : best;
  }, undefined);
}

/** Weighted distance, sideways moves counting double; undefined when the step is not in that direction. */
function distance(from: Placed, to: Placed, direction: Direction): number | undefined {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const [along, across] =
    direction === 'right'
      ? [dx, dy]
      : direction === 'left'
        ? [-dx, dy]
        : direction === 'down'
          ? [dy, dx]
          : [-dy, dx];
  return along > 0 ? along + 2 * Math.abs(across) : undefined;
}
