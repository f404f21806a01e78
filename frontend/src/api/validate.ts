import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Problem } from '@/pipeline/problem';
import { post } from './client';
import type { components } from './schema.gen';

export type Profile = components['schemas']['ValidateProfileEnum'];

/** What is wrong with a definition under a profile; `definition` is only read when it is asked. */
export function problemsQuery(
  pipeline: string,
  revision: number,
  profile: Profile,
  definition: () => string,
) {
  return queryOptions({
    queryKey: ['validate', pipeline, revision, profile] as const,
    queryFn: async () => {
      const found = await post<{ problems: Problem[] }>('validate/', { definition: definition(), profile });
      return found.problems;
    },
    placeholderData: keepPreviousData,
  });
}
