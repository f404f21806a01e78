import { infiniteQueryOptions } from '@tanstack/react-query';
import { get, patch } from './client';
import type { components } from './schema.gen';
import type { Page } from './types';

type Schemas = components['schemas'];

export type ModelGroup = Required<Schemas['ModelPackageGroup']>;
export type ModelPackage = Required<Schemas['ModelPackageRow']>;
export type Decision = Schemas['ApprovalStatusEnum'];

export const modelKeys = {
  all: ['models'] as const,
  groups: ['models', 'groups'] as const,
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

export function decideModel(model: ModelPackage, decision: Decision): Promise<unknown> {
  return patch(`model-packages/${encodeURIComponent(model.group)}/${model.version}/`, {
    approval_status: decision,
  });
}
