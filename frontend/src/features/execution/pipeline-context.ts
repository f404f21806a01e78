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

/** Family and title of a step type. */
export function useStepLook(type: string): { family: string; title: string } {
  const info = typeInfo(useRunPipeline().catalog, type);
  return { family: info?.family ?? 'unknown', title: info?.title ?? type };
}
