import { queryOptions } from '@tanstack/react-query';
import type { Json } from '@/pipeline/json';
import { get } from './client';
import type { components } from './schema.gen';

export type StepCodeAnswer = Omit<components['schemas']['StepCode'], 'arguments'> & { arguments: Json[] };

/** The Python a ready-made step runs, as the saved draft has it. */
export function stepCodeQuery(pipeline: string, step: string, revision: number) {
  return queryOptions({
    queryKey: ['step-code', pipeline, step, revision] as const,
    queryFn: ({ signal }) => get<StepCodeAnswer>(`pipelines/${pipeline}/draft/code/`, { step }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
