import { type ReactFlowState, useStore, ViewportPortal } from '@xyflow/react';
import { useContext, useEffect, useMemo, useState } from 'react';
import type { CanvasEdge, CanvasNode } from '@/pipeline/view';
import styles from './far-wires.module.css';
import { CanvasSourcesContext, type KeyedSource, type WireState } from './sources';
import { endsOf, type Lane, pathOf, wireCurves } from './wire-shape';

interface Props {
  nodes: readonly CanvasNode[];
  edges: readonly CanvasEdge[];
  lanes: ReadonlyMap<string, Lane>;
}

/** Above this many wires a far canvas draws them together: one shape per look instead of an element per wire. */
export const MANY_WIRES = 200;

/** All wires of a far canvas. Nobody presses a wire that is one pixel wide, so none needs to be an element. */
export function FarWires({ nodes, edges, lanes }: Props) {
  const { wires } = useContext(CanvasSourcesContext);
  const version = useAnyChange(wires, edges);
  const zoom = useStore(roughZoom);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` stands for the states inside `wires`
  const shapes = useMemo(() => shapesOf(nodes, edges, lanes, wires), [nodes, edges, lanes, wires, version]);
  return (
    <ViewportPortal>
      <svg className={styles.wires} aria-hidden="true" strokeWidth={1.2 / zoom}>
        {[...shapes].map(([look, path]) => (
          <path key={look} className={styles[look]} d={path} />
        ))}
      </svg>
    </ViewportPortal>
  );
}

/** The zoom in steps of half an octave: wires keep about one pixel without being drawn anew at every turn of the wheel. */
const roughZoom = (state: ReactFlowState) => 2 ** (Math.round(Math.log2(state.transform[2]) * 2) / 2);

type Look = WireState | 'plain' | 'failure';

/** One path per look, in the order they are drawn over one another. */
export function shapesOf(
  nodes: readonly CanvasNode[],
  edges: readonly CanvasEdge[],
  lanes: ReadonlyMap<string, Lane>,
  states: Pick<KeyedSource<WireState>, 'get'>,
): Map<Look, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = new Map<Look, string[]>([
    ['untaken', []],
    ['plain', []],
    ['failure', []],
    ['passed', []],
    ['feeding', []],
  ]);
  for (const edge of edges) {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target) continue;
    const look =
      states.get(edge.id) ?? (edge.trigger === 'Failed' || edge.trigger === 'Stopped' ? 'failure' : 'plain');
    const curves = wireCurves(endsOf(source, target, edge.sourcePort), lanes.get(edge.id));
    parts.get(look)?.push(pathOf(curves));
  }
  const filled = [...parts].filter(([, list]) => list.length > 0);
  return new Map(filled.map(([look, list]) => [look, list.join('')]));
}

/** A number that rises when any of the wires changed its state; the store already waits for the next frame. */
function useAnyChange(source: KeyedSource<WireState>, edges: readonly CanvasEdge[]): number {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    const changed = () => setVersion((count) => count + 1);
    const leave = edges.map((edge) => source.subscribe(edge.id, changed));
    return () => {
      for (const stop of leave) stop();
    };
  }, [source, edges]);
  return version;
}
