import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Problem } from '@/pipeline/problem';
import { get } from './client';
import type { components } from './schema.gen';

export type Column = components['schemas']['FlowingColumn'];
export type DraftColumns = Omit<components['schemas']['DraftColumns'], 'problems'> & { problems: Problem[] };

/** What flows where in a draft, and columns named that will not be there; asked again for every saved revision. */
export function draftColumnsQuery(pipeline: string, revision: number) {
  return queryOptions({
    queryKey: ['columns', pipeline, revision] as const,
    queryFn: ({ signal }) => get<DraftColumns>(`pipelines/${pipeline}/draft/columns/`, {}, signal),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
}
