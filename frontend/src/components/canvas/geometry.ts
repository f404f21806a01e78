import { type Edge, type Node, Position } from '@xyflow/react';
import { NODE_HEIGHT, NODE_WIDTH } from '@/pipeline/layout';
import { AFTER, type CanvasEdge, type CanvasNode } from '@/pipeline/view';
import type { Lane } from './wire-shape';

export const PORT_SIZE = 10;
export const IN = 'in';

export type StepFlowNode = Node<{ step: CanvasNode }, 'step'>;
export type WireFlowEdge = Edge<{ wire: CanvasEdge; lane?: Lane }, 'wire'>;

/** Distance of the n-th of `count` dots from the top of the node. */
export function portTop(index: number, count: number): number {
  return (NODE_HEIGHT * (index + 1)) / (count + 1);
}

/**
 * The canvas library's node with everything it would otherwise measure in the page: sizes and handle places.
 * That keeps nodes outside the view unmounted from the first paint on.
 */
export function flowNode(step: CanvasNode, selected: boolean): StepFlowNode {
  const half = PORT_SIZE / 2;
  const square = { width: PORT_SIZE, height: PORT_SIZE };
  return {
    id: step.id,
    type: 'step',
    position: { x: step.x, y: step.y },
    data: { step },
    selected,
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
    measured: { width: NODE_WIDTH, height: NODE_HEIGHT },
    handles: [
      { id: IN, type: 'target', position: Position.Left, x: -half, y: NODE_HEIGHT / 2 - half, ...square },
      ...step.outputs.map((port, index) => ({
        id: port.id,
        type: 'source' as const,
        position: Position.Right,
        x: NODE_WIDTH - half,
        y: portTop(index, step.outputs.length) - half,
        ...square,
      })),
      ...(step.canLead
        ? [
            {
              id: AFTER,
              type: 'source' as const,
              position: Position.Bottom,
              x: NODE_WIDTH / 2 - half,
              y: NODE_HEIGHT - half,
              ...square,
            },
          ]
        : []),
    ],
  };
}

export function flowEdge(wire: CanvasEdge, lane?: Lane): WireFlowEdge {
  return {
    id: wire.id,
    type: 'wire',
    source: wire.source,
    target: wire.target,
    sourceHandle: wire.sourcePort,
    targetHandle: IN,
    data: lane ? { wire, lane } : { wire },
    focusable: false,
  };
}
