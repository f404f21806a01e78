import { NODE_HEIGHT, NODE_WIDTH } from '@/pipeline/layout';
import { AFTER, type CanvasNode } from '@/pipeline/view';
import { portTop } from './geometry';

/** Where a wire begins and ends. It leaves to the right, or downwards from the bottom of its step. */
export interface Ends {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
  down: boolean;
}

/** A level piece of a wire, above or below the steps it passes. */
export interface Level {
  left: number;
  right: number;
  y: number;
}

/** Where a wire runs that would otherwise be hidden behind steps: its level pieces from left to right. */
export type Lane = readonly Level[];

/** x1 y1, two control points, x2 y2 */
export type Cubic = readonly [number, number, number, number, number, number, number, number];

export function endsOf(source: CanvasNode, target: CanvasNode, port: string): Ends {
  const [x2, y2] = [target.x, target.y + NODE_HEIGHT / 2];
  if (port === AFTER) {
    return { x1: source.x + NODE_WIDTH / 2, y1: source.y + NODE_HEIGHT, x2, y2, down: true };
  }
  const place = source.outputs.findIndex((output) => output.id === port);
  const top = portTop(Math.max(0, place), Math.max(1, source.outputs.length));
  return { x1: source.x + NODE_WIDTH, y1: source.y + top, x2, y2, down: false };
}

/** The bend of a wire that takes no lane. */
export const CURVATURE = 0.3;

/** The wire that takes no lane: one curve, the same as the canvas library draws. */
export function plainCurve({ x1, y1, x2, y2, down }: Ends): Cubic {
  const pull = pullOver(x2 - x1);
  return down
    ? [x1, y1, x1, y1 + pullOver(y2 - y1), x2 - pull, y2, x2, y2]
    : [x1, y1, x1 + pull, y1, x2 - pull, y2, x2, y2];
}

function pullOver(distance: number): number {
  return distance >= 0 ? distance / 2 : CURVATURE * 25 * Math.sqrt(-distance);
}

/** The curves of a wire along its lane. Between two level pieces it swings from one height to the next. */
export function laneCurves(ends: Ends, lane: Lane): Cubic[] {
  const curves: Cubic[] = [];
  let [x, y] = [ends.x1, ends.y1];
  for (const { left, right, y: level } of [...lane, { left: ends.x2, right: ends.x2, y: ends.y2 }]) {
    const middle = (x + left) / 2;
    const leavesDown = ends.down && curves.length === 0;
    curves.push(
      leavesDown
        ? [x, y, x, level, middle, level, left, level]
        : [x, y, middle, y, middle, level, left, level],
    );
    if (right > left) curves.push([left, level, left, level, right, level, right, level]);
    [x, y] = [right, level];
  }
  return curves;
}

/** The middle of the first swing, beside the step the wire leaves: no step stands there, so a label has room. */
export function betweenColumns(curves: readonly Cubic[], down: boolean): [number, number] {
  const [x1, y1, , , , , x2, y2] = curves[down ? 1 : 0] ?? [0, 0, 0, 0, 0, 0, 0, 0];
  return [(x1 + x2) / 2, (y1 + y2) / 2];
}

export function wireCurves(ends: Ends, lane: Lane | undefined): Cubic[] {
  return lane ? laneCurves(ends, lane) : [plainCurve(ends)];
}

export function pathOf(curves: readonly Cubic[]): string {
  const [x, y] = curves[0] ?? [0, 0];
  return `M${x} ${y}${curves.map(([, , ax, ay, bx, by, toX, toY]) => `C${ax} ${ay} ${bx} ${by} ${toX} ${toY}`).join('')}`;
}

/** Points along a curve, its ends among them. */
export function sampled([x1, y1, ax, ay, bx, by, x2, y2]: Cubic, count = 64): [number, number][] {
  return Array.from({ length: count + 1 }, (_, index) => {
    const t = index / count;
    const u = 1 - t;
    const [p, q, r, s] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
    return [p * x1 + q * ax + r * bx + s * x2, p * y1 + q * ay + r * by + s * y2];
  });
}
