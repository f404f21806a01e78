import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { outputFiguresQuery } from '@/api/step-results';
import { Canvas } from '@/components/canvas/canvas';
import { pipelineTitle } from '@/execution/status';
import { type LookInto, nodeStatuses, wireFlows, wireStates } from './canvas-status';
import { GraphFit } from './graph-fit';
import { useExecution, useLive } from './live';
import { usePlace } from './location';
import { useRunPipeline } from './pipeline-context';

/** The canvas the pipeline was drawn on, coloured by what happens. */
export function GraphView() {
  const { store, clock, executionId } = useLive();
  const { view } = useRunPipeline();
  const execution = useExecution();
  const { place, go } = usePlace();
  const client = useQueryClient();
  const lookInto = useCallback<LookInto>(
    (row, output) => {
      const at = { execution: executionId, step: row.name, iteration: row.iteration };
      return client.fetchQuery(outputFiguresQuery(at, output, `${row.attempt} ${row.ended_at}`));
    },
    [client, executionId],
  );
  const sources = useMemo(
    () => ({
      statuses: nodeStatuses(store, clock),
      wires: wireStates(store, view.edges),
      flows: wireFlows(store, view.edges, lookInto),
    }),
    [store, clock, view, lookInto],
  );
  const selected = useMemo(() => (place.step ? [place.step] : []), [place.step]);
  const onSelect = useCallback(
    (steps: string[], wires: string[]) => {
      const source = view.edges.find((edge) => edge.id === wires.at(-1))?.source;
      const step = steps.at(-1) ?? source ?? null;
      // What a wire carries is what the step before it left.
      if (step !== place.step) go(source && steps.length === 0 ? { step, tab: 'results' } : { step });
    },
    [go, place.step, view.edges],
  );
  return (
    <Canvas
      label={`Execution of ${execution ? pipelineTitle(execution) : 'the pipeline'}`}
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
