import { getViewportForBounds, type Viewport } from '@xyflow/react';
import { useCallback, useState } from 'react';
import { readStored, writeStored } from '@/lib/stored';
import { NODE_HEIGHT, NODE_WIDTH, type Position } from '@/pipeline/layout';

export interface Size {
  width: number;
  height: number;
}

/** A graph that fits only when it is smaller than this opens at its beginning instead, large enough to read. */
const SMALLEST_FIT = 0.35;
const READABLE = 0.5;
const MARGIN = 40;
/** Around a graph that is shown whole: a dot close to the border could not be told from the border, which can be dragged. */
const ROOM = 32;
/** The farthest anybody can zoom out. */
export const SMALLEST_ZOOM = 0.05;

/** The first look at a graph: all of it, or its beginning when all of it would be too small to read. */
export function openingView(nodes: readonly Position[], size: Size): Viewport {
  if (nodes.length === 0 || size.width === 0 || size.height === 0) return { x: 80, y: 80, zoom: 1 };
  const all = wholeView(nodes, size);
  if (all.zoom >= SMALLEST_FIT) return all;
  const { x: left, y: top, height } = boundsOf(nodes);
  const fitsHigh = height * READABLE <= size.height - 2 * MARGIN;
  const y = fitsHigh ? (size.height - height * READABLE) / 2 : MARGIN;
  return { x: MARGIN - left * READABLE, y: y - top * READABLE, zoom: READABLE };
}

/** Every step of a graph, never larger than life. */
export function wholeView(nodes: readonly Position[], size: Size): Viewport {
  return getViewportForBounds(boundsOf(nodes), size.width, size.height, SMALLEST_ZOOM, 1, `${ROOM}px`);
}

function boundsOf(nodes: readonly Position[]): Position & Size {
  const x = Math.min(...nodes.map((node) => node.x));
  const y = Math.min(...nodes.map((node) => node.y));
  const width = Math.max(...nodes.map((node) => node.x)) + NODE_WIDTH - x;
  const height = Math.max(...nodes.map((node) => node.y)) + NODE_HEIGHT - y;
  return { x, y, width, height };
}

/** Pan and zoom remembered per key in this browser; the first visit fits the whole graph. */
export function useSavedViewport(key: string | undefined) {
  const [initial] = useState(() => (key ? readStored(`view:${key}`, isViewport) : undefined));
  const save = useCallback((view: Viewport) => key && writeStored(`view:${key}`, view), [key]);
  return { initial, save };
}

function isViewport(value: unknown): value is Viewport {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['x', 'y', 'zoom'].every((part) => Number.isFinite((value as Record<string, unknown>)[part]))
  );
}
