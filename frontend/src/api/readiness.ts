import { queryOptions } from '@tanstack/react-query';
import { get, post, remove } from './client';
import type { Readiness, UriMapping, UriMappingList } from './types';

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

export function uriMappingsQuery() {
  return queryOptions({
    queryKey: ['uri-mappings'] as const,
    queryFn: ({ signal }) => get<UriMappingList>('uri-mappings/', {}, signal),
  });
}

export function unmapAddress(id: string): Promise<void> {
  return remove(`uri-mappings/${id}/`);
}
