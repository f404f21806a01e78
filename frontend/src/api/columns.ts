import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { Draft } from './types';

export interface Column {
  name: string;
  type: string;
}

/** Columns at the ends of one step's wires; null where nobody knows them yet. */
export interface StepColumns {
  inputs: Record<string, Column[] | null>;
  outputs: Record<string, Column[] | null>;
}

export interface DraftColumns {
  steps: Record<string, StepColumns>;
  problems: Draft['problems'];
}

/** What flows where in a draft, and columns named that will not be there; asked again for every saved revision. */
export function draftColumnsQuery(pipeline: string, revision: number) {
  return queryOptions({
    queryKey: ['columns', pipeline, revision] as const,
    queryFn: ({ signal }) => get<DraftColumns>(`pipelines/${pipeline}/draft/columns/`, {}, signal),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
}
