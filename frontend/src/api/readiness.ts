import { queryOptions } from '@tanstack/react-query';
import { get, post } from './client';
import type { Readiness, UriMapping } from './types';

/** What a draft needs to run here, and on AWS. Workers, tables and files come and go: never from a cache. */
export function readinessQuery(pipelineId: string) {
  return queryOptions({
    queryKey: ['readiness', pipelineId] as const,
    queryFn: ({ signal }) => get<Readiness>(`pipelines/${pipelineId}/readiness/`, {}, signal),
    staleTime: 0,
    gcTime: 0,
  });
}

/** Steps that read below `prefix` read below `target` from now on, in every pipeline of the workspace. */
export function mapAddress(prefix: string, target: string): Promise<UriMapping> {
  return post('uri-mappings/', { prefix, target });
}
