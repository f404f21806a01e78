import type { CanvasEdge, CanvasNode } from '@/pipeline/view';
import { lanesOf } from '../canvas/lanes';
import { type Lane, laneCurves, pathOf } from '../canvas/wire-shape';

/** A node of the picture: a block, narrower than on the canvas so that a long pipeline stays readable. */
export const BLOCK_WIDTH = 104;
export const BLOCK_HEIGHT = 64;
/** Columns stand this much closer than on the canvas; rows stay. */
const SQUEEZE = 0.56;
const MARGIN = 18;

export interface Block {
  id: string;
  x: number;
  y: number;
  family: string;
  icon: string;
  title: string;
}

export interface Line {
  id: string;
  path: string;
  dashed: boolean;
  failing: boolean;
}

export interface PictureGeometry {
  viewBox: string;
  blocks: Block[];
  lines: Line[];
}

/** Where the blocks and lines of a pipeline's picture stand. An empty pipeline has an empty picture. */
export function pictureGeometry(nodes: readonly CanvasNode[], edges: readonly CanvasEdge[]): PictureGeometry {
  const blocks = nodes.map(({ id, x, y, family, icon, typeTitle }) => ({
    id,
    x: Math.round(x * SQUEEZE),
    y,
    family,
    icon,
    title: typeTitle,
  }));
  const places = new Map(blocks.map((block) => [block.id, block]));
  const lanes = lanesOf(nodes, edges);
  const lines = edges.flatMap(({ id, source, target, kind, trigger }) => {
    const [from, to] = [places.get(source), places.get(target)];
    if (!from || !to) return [];
    const failing = trigger === 'Failed' || trigger === 'Stopped' || trigger === 'else';
    return [{ id, path: line(from, to, lanes.get(id)), dashed: kind === 'order' || failing, failing }];
  });
  return { viewBox: boxOf(blocks), blocks, lines };
}

function line(from: Block, to: Block, lane: Lane | undefined): string {
  const [x1, y1] = [from.x + BLOCK_WIDTH, from.y + BLOCK_HEIGHT / 2];
  const [x2, y2] = [to.x, to.y + BLOCK_HEIGHT / 2];
  if (lane) {
    // In the picture all lines leave to the right: the turn below a step, which has no width, falls away.
    const passing = lane.filter(({ left, right }) => left < right);
    const squeezed = passing.map(({ left, right, y }) => ({
      left: left * SQUEEZE,
      right: right * SQUEEZE,
      y,
    }));
    return pathOf(laneCurves({ x1, y1, x2, y2, down: false }, squeezed));
  }
  const bend = Math.max(24, Math.abs(x2 - x1) / 2);
  return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function boxOf(blocks: readonly Block[]): string {
  if (blocks.length === 0) return '0 0 1 1';
  const [xs, ys] = [blocks.map((block) => block.x), blocks.map((block) => block.y)];
  const [left, top] = [Math.min(...xs) - MARGIN, Math.min(...ys) - MARGIN];
  const width = Math.max(...xs) + BLOCK_WIDTH + MARGIN - left;
  const height = Math.max(...ys) + BLOCK_HEIGHT + MARGIN - top;
  return `${left} ${top} ${width} ${height}`;
}
