import type { ReactFlowInstance } from '@xyflow/react';
import { NODE_HEIGHT, NODE_WIDTH, type Position } from '@/pipeline/layout';

type View = Pick<ReactFlowInstance, 'getZoom' | 'flowToScreenPosition' | 'setCenter'>;

/** Move the canvas so that a step can be seen; a step that is well inside stays where it is. */
export function bringIntoView(flow: View, step: Position): void {
  const zoom = Math.max(flow.getZoom(), 0.5);
  const from = flow.flowToScreenPosition(step);
  const to = flow.flowToScreenPosition({ x: step.x + NODE_WIDTH, y: step.y + NODE_HEIGHT });
  const box = document.querySelector('.react-flow')?.getBoundingClientRect();
  const margin = 16;
  const inside =
    box !== undefined &&
    from.x > box.left + margin &&
    to.x < box.right - margin &&
    from.y > box.top + margin &&
    to.y < box.bottom - margin &&
    flow.getZoom() >= 0.35;
  if (inside) return;
  void flow.setCenter(step.x + NODE_WIDTH / 2, step.y + NODE_HEIGHT / 2, { zoom, duration: 150 });
}
