import { useReactFlow, useStore, useStoreApi } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import { NODE_HEIGHT, NODE_WIDTH } from '@/pipeline/layout';
import type { CanvasNode } from '@/pipeline/view';

const FIT = { padding: 0.12, maxZoom: 1, minZoom: 0.05 };
const MARGIN = 24;

interface Props {
  nodes: readonly CanvasNode[];
  selected: string | null;
}

/**
 * Keeps what matters in sight when the drawer takes its part of the canvas: the whole graph as long as
 * nobody has moved it, else the selected step.
 */
export function GraphFit({ nodes, selected }: Props) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const fitted = useRef('');
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const untouched = fitted.current === '' || fitted.current === viewOf(flow.getViewport());
    if (untouched && nodes.length > 0) {
      void flow.fitView(FIT).then(() => {
        fitted.current = viewOf(flow.getViewport());
      });
    }
  }, [flow, width, height, nodes.length]);
  useEffect(() => {
    const node = nodes.find((one) => one.id === selected);
    if (!node || width === 0) return;
    const [x, y, zoom] = store.getState().transform;
    const left = node.x * zoom + x;
    const top = node.y * zoom + y;
    const inside =
      left > MARGIN &&
      top > MARGIN &&
      left + NODE_WIDTH * zoom < width - MARGIN &&
      top + NODE_HEIGHT * zoom < height - MARGIN;
    if (!inside)
      void flow.setCenter(node.x + NODE_WIDTH / 2, node.y + NODE_HEIGHT / 2, { zoom, duration: 150 });
  }, [flow, store, nodes, selected, width, height]);
  return null;
}

const viewOf = (view: { x: number; y: number; zoom: number }): string =>
  `${Math.round(view.x)} ${Math.round(view.y)} ${view.zoom.toFixed(3)}`;
