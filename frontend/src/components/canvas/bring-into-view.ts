import type { ReactFlowInstance } from '@xyflow/react';
import { NODE_HEIGHT, NODE_WIDTH, type Position } from '@/pipeline/layout';

type View = Pick<ReactFlowInstance, 'getViewport' | 'setViewport' | 'setCenter'>;

const MARGIN = 24;
/** Below this zoom a step cannot be read, so it is shown in the middle at a size that can. */
const READABLE = 0.35;

/** Move the canvas just as far as a step needs to be seen; one that is inside stays where it is. */
export function bringIntoView(flow: View, step: Position, surface: DOMRect | undefined): void {
  const { x, y, zoom } = flow.getViewport();
  if (zoom < READABLE || !surface) {
    void flow.setCenter(step.x + NODE_WIDTH / 2, step.y + NODE_HEIGHT / 2, {
      zoom: Math.max(zoom, 0.5),
      duration: 150,
    });
    return;
  }
  const dx = shift(step.x * zoom + x, NODE_WIDTH * zoom, surface.width);
  const dy = shift(step.y * zoom + y, NODE_HEIGHT * zoom, surface.height);
  if (dx !== 0 || dy !== 0) void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 150 });
}

/** How far a span must move to lie inside the room, 0 when it does. */
export function shift(from: number, length: number, room: number): number {
  if (from < MARGIN) return MARGIN - from;
  const over = from + length - (room - MARGIN);
  return over > 0 ? -Math.min(over, from - MARGIN) : 0;
}
