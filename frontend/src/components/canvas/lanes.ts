import { NODE_HEIGHT, NODE_WIDTH } from '@/pipeline/layout';
import type { CanvasEdge, CanvasNode } from '@/pipeline/view';
import { type Ends, endsOf, type Lane, type Level, plainCurve, sampled } from './wire-shape';

/** Room between a wire and a step it passes. */
const CLEAR = 10;
/** A wire that passes a corner closer than this counts as hidden. */
const BESIDE = 4;
/** A gap up to this high is a lane between two rows: wires keep to its middle. */
const NARROW = 48;
/** Distance of wires of different outputs in one gap. */
const APART = 6;
const SLOTS = [0, APART, -APART, 2 * APART, -2 * APART];

interface Gap {
  top: number;
  bottom: number;
}

/** Steps that stand above one another, and which heights between them are free. */
interface Column {
  left: number;
  right: number;
  gaps: Gap[];
}

/** What the wires of one canvas share. */
interface Shared {
  /** Steps by their left sides. */
  sorted: readonly CanvasNode[];
  /** Columns that were looked at, by their first and last step: most wires pass the same ones. */
  columns: Map<string, Column>;
  /** The output whose wires run at a height of a column. */
  taken: Map<string, string>;
}

/**
 * The lanes of all wires that would be hidden behind a step, by wire. No step moves for them: a lane is free room that
 * is there already, between the rows or beside them. Wires that lead backwards have none.
 */
export function lanesOf(
  nodes: readonly CanvasNode[],
  edges: readonly CanvasEdge[],
): ReadonlyMap<string, Lane> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const sorted = [...nodes].sort((a, b) => a.x - b.x);
  const shared: Shared = { sorted, columns: new Map(), taken: new Map() };
  const lanes = new Map<string, Lane>();
  for (const edge of edges) {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    const from = (source?.x ?? 0) + NODE_WIDTH;
    if (!source || !target || target.x <= from) continue;
    const ends = endsOf(source, target, edge.sourcePort);
    const [first, last] = [firstAt(sorted, from), firstAt(sorted, target.x - NODE_WIDTH)];
    // A wire that leaves downwards can also meet its own step and those below.
    const met = sorted.slice(ends.down ? firstAt(sorted, source.x - NODE_WIDTH) : first, last);
    if (!hidden(ends, met)) continue;
    lanes.set(
      edge.id,
      laneOf(ends, from, columnsOf(shared, first, last), shared, `${source.id} ${edge.sourcePort}`),
    );
  }
  return lanes;
}

/** Index of the first node whose left side is at `x` or right of it. */
function firstAt(sorted: readonly CanvasNode[], x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (leftOf(sorted, middle) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hidden(ends: Ends, nodes: readonly CanvasNode[]): boolean {
  if (nodes.length === 0) return false;
  const points = sampled(plainCurve(ends));
  const heights = points.map(([, y]) => y);
  const [top, bottom] = [Math.min(...heights), Math.max(...heights)];
  return nodes.some(
    (node) =>
      node.y < bottom && node.y + NODE_HEIGHT > top && points.some(([x, y]) => isInside(node, x, y, BESIDE)),
  );
}

export function isInside(node: CanvasNode, x: number, y: number, beside = 0): boolean {
  const within = x > node.x - beside && x < node.x + NODE_WIDTH + beside;
  return within && y > node.y && y < node.y + NODE_HEIGHT;
}

/** The columns of the steps from `first` to before `last`: steps that share some width stand in one. */
function columnsOf({ sorted, columns }: Shared, first: number, last: number): Column[] {
  const found: Column[] = [];
  for (let start = first; start < last; ) {
    let end = start + 1;
    while (end < last && leftOf(sorted, end) < leftOf(sorted, end - 1) + NODE_WIDTH) end += 1;
    const key = `${start} ${end}`;
    const column = columns.get(key) ?? {
      left: leftOf(sorted, start),
      right: leftOf(sorted, end - 1) + NODE_WIDTH,
      gaps: gapsBetween(sorted.slice(start, end).map((node) => node.y)),
    };
    columns.set(key, column);
    found.push(column);
    start = end;
  }
  return found;
}

function leftOf(sorted: readonly CanvasNode[], index: number): number {
  return sorted[index]?.x ?? 0;
}

function gapsBetween(tops: number[]): Gap[] {
  const gaps: Gap[] = [];
  let free = Number.NEGATIVE_INFINITY;
  for (const top of tops.sort((a, b) => a - b)) {
    if (top - CLEAR >= free) gaps.push({ top: free, bottom: top - CLEAR });
    free = Math.max(free, top + NODE_HEIGHT + CLEAR);
  }
  return [...gaps, { top: free, bottom: Number.POSITIVE_INFINITY }];
}

function laneOf(
  ends: Ends,
  from: number,
  columns: readonly Column[],
  { taken }: Shared,
  owner: string,
): Lane {
  const lane: Level[] = [];
  let { y1: y } = ends;
  if (ends.down) {
    y += CLEAR + APART;
    lane.push({ left: from, right: from, y });
  }
  for (const { left, right, gaps } of columns) {
    // Level for as long as that is free; else not far from the straight way.
    const share = ((left + right) / 2 - ends.x1) / (ends.x2 - ends.x1);
    const level = gaps.some((gap) => gap.top <= y && y <= gap.bottom);
    const [gap, middle] = nearest(gaps, level ? y : ends.y1 + (ends.y2 - ends.y1) * share);
    const slot = SLOTS.find((step) => {
      const at = middle + step;
      const there = taken.get(placeOf(left, at));
      return at >= gap.top && at <= gap.bottom && (there === undefined || there === owner);
    });
    y = middle + (slot ?? 0);
    taken.set(placeOf(left, y), owner);
    lane.push({ left, right, y });
  }
  return lane;
}

function placeOf(left: number, y: number): string {
  return `${left} ${Math.round(y / APART)}`;
}

/** The gap that is nearest to a height, and the height in it: the middle of a narrow one, any of a wide one. */
function nearest(gaps: readonly Gap[], wanted: number): [Gap, number] {
  let best: [Gap, number] = [{ top: wanted, bottom: wanted }, Number.POSITIVE_INFINITY];
  for (const gap of gaps) {
    const narrow = gap.bottom - gap.top <= NARROW;
    const at = narrow ? (gap.top + gap.bottom) / 2 : Math.min(gap.bottom, Math.max(gap.top, wanted));
    if (Math.abs(at - wanted) < Math.abs(best[1] - wanted)) best = [gap, at];
  }
  return best;
}
