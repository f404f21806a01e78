import { type Span, spanStart } from './timeline';

/**
 * The steps that decided how long the execution takes: from the last one to end, back through the
 * producer that ended last each time. Names of steps, first to last.
 */
export function criticalPath(
  spans: ReadonlyMap<string, readonly Span[]>,
  wires: readonly { source: string; target: string }[],
  now: number,
): string[] {
  const end = (name: string) => spans.get(name)?.at(-1)?.endedAt ?? (spans.has(name) ? now : null);
  const producers = new Map<string, string[]>();
  for (const { source, target } of wires) producers.set(target, [...(producers.get(target) ?? []), source]);
  const latest = (names: Iterable<string>): string | null => {
    let found: string | null = null;
    let at = Number.NEGATIVE_INFINITY;
    for (const name of names) {
      const ended = end(name);
      if (ended !== null && ended > at) [found, at] = [name, ended];
    }
    return found;
  };
  const path: string[] = [];
  for (let name = latest(spans.keys()); name !== null && !path.includes(name); ) {
    path.unshift(name);
    name = latest(producers.get(name) ?? []);
  }
  return path;
}

/** Seconds from the start of the path's first step to the end of its last. */
export function pathSeconds(
  spans: ReadonlyMap<string, readonly Span[]>,
  path: readonly string[],
  now: number,
): number {
  const first = spans.get(path[0] ?? '')?.[0];
  const last = spans.get(path.at(-1) ?? '')?.at(-1);
  if (!first || !last) return 0;
  return Math.max(0, ((last.endedAt ?? now) - spanStart(first)) / 1000);
}
