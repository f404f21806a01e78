import { queryOptions } from '@tanstack/react-query';
import { type CatalogAnswer, withLibrary } from '@/pipeline/catalog';
import { get } from './client';

/** Step types change only with the server's version, so once per page load is enough. */
export function stepTypesQuery() {
  return queryOptions({
    queryKey: ['step-types'] as const,
    queryFn: ({ signal }) => get<CatalogAnswer>('step-types/', {}, signal).then(withLibrary),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
