import { useCallback, useMemo } from 'react';
import { Canvas } from '@/components/canvas/canvas';
import { nodeStatuses, wireStates } from './canvas-status';
import { GraphFit } from './graph-fit';
import { useExecution, useLive } from './live';
import { usePlace } from './location';
import { useRunPipeline } from './pipeline-context';

/** The canvas the pipeline was drawn on, coloured by what happens. */
export function GraphView() {
  const { store, clock } = useLive();
  const { view } = useRunPipeline();
  const execution = useExecution();
  const { place, go } = usePlace();
  const sources = useMemo(
    () => ({ statuses: nodeStatuses(store, clock), wires: wireStates(store, view.edges) }),
    [store, clock, view],
  );
  const selected = useMemo(() => (place.step ? [place.step] : []), [place.step]);
  const onSelect = useCallback(
    (steps: string[]) => {
      const step = steps.at(-1) ?? null;
      if (step !== place.step) go({ step });
    },
    [go, place.step],
  );
  return (
    <Canvas
      label={`Execution of ${execution?.pipeline.name ?? 'the pipeline'}`}
      nodes={view.nodes}
      edges={view.edges}
      selected={selected}
      onSelect={onSelect}
      onOpen={(step) => go({ step, tab: 'logs' })}
      sources={sources}
    >
      <GraphFit nodes={view.nodes} selected={place.step} />
    </Canvas>
  );
}
