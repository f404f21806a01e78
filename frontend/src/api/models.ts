import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, patch } from './client';
import type { components } from './schema.gen';
import type { Page } from './types';

type Schemas = components['schemas'];

export type ModelGroup = Required<Schemas['ModelPackageGroup']>;
export type ModelPackage = Required<Schemas['ModelPackageRow']>;
export type ModelVersion = Required<Schemas['ModelVersion']>;
export type Decision = Schemas['ApprovalStatusEnum'];

export const modelKeys = {
  all: ['models'] as const,
  groups: ['models', 'groups'] as const,
  versions: (search: string) => ['models', 'versions', search] as const,
  behind: (data: string) => ['models', 'behind', data] as const,
  packages: (group: string) => ['models', 'packages', group] as const,
};

export function modelGroupsQuery() {
  return infiniteQueryOptions({
    queryKey: modelKeys.groups,
    queryFn: ({ pageParam, signal }) =>
      get<Page<ModelGroup>>('model-packages/', { cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function modelPackagesQuery(group: string) {
  return infiniteQueryOptions({
    queryKey: modelKeys.packages(group),
    queryFn: ({ pageParam, signal }) =>
      get<Page<ModelPackage>>(
        `model-packages/${encodeURIComponent(group)}/`,
        { cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** Versions of every group, newest first. */
export function modelVersionsQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: modelKeys.versions(search),
    queryFn: ({ pageParam, signal }) =>
      get<Page<ModelVersion>>(
        'model-versions/',
        { search: search || undefined, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

/** The registered version whose file lies at an address, null when there is none. */
export function modelBehindQuery(data: string) {
  return queryOptions({
    queryKey: modelKeys.behind(data),
    queryFn: async ({ signal }) => {
      const found = await get<Page<ModelVersion>>('model-versions/', { data, limit: 1 }, signal);
      return found.results[0] ?? null;
    },
    staleTime: 60_000,
  });
}

export function decideModel(model: ModelPackage, decision: Decision): Promise<unknown> {
  return patch(`model-packages/${encodeURIComponent(model.group)}/${model.version}/`, {
    approval_status: decision,
  });
}
