import { createContext, useContext } from 'react';
import { type Catalog, typeInfo } from '@/pipeline/catalog';
import type { CanvasView } from '@/pipeline/view';

/** What the execution ran: its own copy of the definition as a graph, and the step types to draw it with. */
export interface RunPipeline {
  executionId: string;
  view: CanvasView;
  catalog: Catalog;
}

export const PipelineContext = createContext<RunPipeline | null>(null);

export function useRunPipeline(): RunPipeline {
  const pipeline = useContext(PipelineContext);
  if (!pipeline) throw new Error('This component belongs inside an execution page.');
  return pipeline;
}

/** Family, title and icon of a step, as its node has them; a ready-made step has its own. */
export function useStepLook(row: { name: string; type: string }): {
  family: string;
  title: string;
  icon: string;
} {
  const { catalog, view } = useRunPipeline();
  const node = view.nodes.find((one) => one.id === row.name);
  if (node) return { family: node.family, title: node.typeTitle, icon: node.icon };
  const info = typeInfo(catalog, row.type);
  return { family: info?.family ?? 'unknown', title: info?.title ?? row.type, icon: '' };
}
