import { queryOptions } from '@tanstack/react-query';
import { get } from './client';
import type { components } from './schema.gen';

export type Word = components['schemas']['Word'];

/** The words of the glossary change only with the server's version. */
export function glossaryQuery() {
  return queryOptions({
    queryKey: ['glossary'] as const,
    queryFn: ({ signal }) => get<{ results: Word[] }>('glossary/', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    select: (answer) => answer.results,
  });
}
