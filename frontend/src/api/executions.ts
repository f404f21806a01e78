import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { get, post } from './client';
import type { ExecutionDetail, ExecutionRow, Page } from './types';

export interface ExecutionFilter {
  pipeline?: string;
  status?: string;
}

export interface StartRequest {
  parameters?: Record<string, unknown>;
  source?: 'draft' | 'version';
  version?: number;
  display_name?: string;
  parallelism?: number;
  selective?: { steps: string[]; source_execution: string };
  client_request_token?: string;
}

export const executionKeys = {
  all: ['executions'] as const,
  list: (filter: ExecutionFilter) => ['executions', 'list', filter] as const,
  one: (id: string) => ['executions', 'one', id] as const,
};

export function executionsQuery(filter: ExecutionFilter) {
  return infiniteQueryOptions({
    queryKey: executionKeys.list(filter),
    queryFn: ({ pageParam, signal }) =>
      get<Page<ExecutionRow>>('executions/', { ...filter, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function executionQuery(id: string) {
  return queryOptions({
    queryKey: executionKeys.one(id),
    queryFn: ({ signal }) => get<ExecutionDetail>(`executions/${id}/`, {}, signal),
  });
}

export function startExecution(pipelineId: string, request: StartRequest): Promise<ExecutionRow> {
  return post(`pipelines/${pipelineId}/executions/`, request);
}

export function stopExecution(id: string): Promise<ExecutionRow> {
  return post(`executions/${id}/stop/`);
}

export function retryExecution(id: string): Promise<ExecutionRow> {
  return post(`executions/${id}/retry/`);
}
