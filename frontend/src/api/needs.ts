import { queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { components } from './schema.gen';

export type Needs = components['schemas']['Needs'];
export type FailedRun = components['schemas']['FailedRun'];
export type OpenQuestion = components['schemas']['OpenQuestion'];
export type UndecidedModel = components['schemas']['UndecidedModel'];

/** What waits for a person. Asked again whenever the page is looked at. */
export function needsQuery() {
  return queryOptions({
    queryKey: ['needs'] as const,
    queryFn: ({ signal }) => get<Needs>('needs/', {}, signal),
    staleTime: 0,
    refetchInterval: 30_000,
  });
}
