import { useEffect, useMemo, useState } from 'react';
import type { CanvasEdge, CanvasNode } from '@/pipeline/view';
import { flowEdge, flowNode, type StepFlowNode, type WireFlowEdge } from './geometry';
import type { Lane } from './wire-shape';

/** Library nodes for the view's nodes; unchanged steps keep their identity, so only changed ones render again. */
export function useFlowNodes(view: readonly CanvasNode[], selected: readonly string[]) {
  const wanted = useMemo(() => new Set(selected), [selected]);
  const [nodes, setNodes] = useState<StepFlowNode[]>(() =>
    view.map((step) => flowNode(step, wanted.has(step.id))),
  );
  useEffect(() => {
    setNodes((current) => {
      const before = new Map(current.map((node) => [node.id, node]));
      let same = current.length === view.length;
      const next = view.map((step, index) => {
        const old = before.get(step.id);
        const isSelected = wanted.has(step.id);
        const keep =
          old && sameStep(old.data.step, step) && old.position.x === step.x && old.position.y === step.y;
        const node = keep
          ? old.selected === isSelected
            ? old
            : { ...old, selected: isSelected }
          : flowNode(step, isSelected);
        if (node !== current[index]) same = false;
        return node;
      });
      return same ? current : next;
    });
  }, [view, wanted]);
  return [nodes, setNodes] as const;
}

function sameStep(a: CanvasNode, b: CanvasNode): boolean {
  return (
    a === b ||
    (a.type === b.type &&
      a.typeTitle === b.typeTitle &&
      a.family === b.family &&
      a.fact === b.fact &&
      a.known === b.known &&
      a.outputs.length === b.outputs.length &&
      a.outputs.every(
        (port, index) => port.id === b.outputs[index]?.id && port.label === b.outputs[index]?.label,
      ))
  );
}

export function useFlowEdges(
  view: readonly CanvasEdge[],
  lanes: ReadonlyMap<string, Lane>,
  selected: readonly string[] | undefined,
): WireFlowEdge[] {
  const edges = useMemo(() => view.map((wire) => flowEdge(wire, lanes.get(wire.id))), [view, lanes]);
  return useMemo(() => {
    if (!selected || selected.length === 0) return edges;
    const wanted = new Set(selected);
    return edges.map((edge) => (wanted.has(edge.id) ? { ...edge, selected: true } : edge));
  }, [edges, selected]);
}
