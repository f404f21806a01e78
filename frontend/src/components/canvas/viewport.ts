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

/** The first look at a graph: all of it, or its beginning when all of it would be too small to read. */
export function openingView(nodes: readonly Position[], size: Size): Viewport {
  if (nodes.length === 0 || size.width === 0 || size.height === 0) return { x: 80, y: 80, zoom: 1 };
  const left = Math.min(...nodes.map((node) => node.x));
  const top = Math.min(...nodes.map((node) => node.y));
  const width = Math.max(...nodes.map((node) => node.x)) + NODE_WIDTH - left;
  const height = Math.max(...nodes.map((node) => node.y)) + NODE_HEIGHT - top;
  const all = getViewportForBounds(
    { x: left, y: top, width, height },
    size.width,
    size.height,
    0.02,
    1,
    0.05,
  );
  if (all.zoom >= SMALLEST_FIT) return all;
  const fitsHigh = height * READABLE <= size.height - 2 * MARGIN;
  const y = fitsHigh ? (size.height - height * READABLE) / 2 : MARGIN;
  return { x: MARGIN - left * READABLE, y: y - top * READABLE, zoom: READABLE };
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
