import { queryOptions } from '@tanstack/react-query';
import { get, patch, post, remove } from './client';
import type { Schedule, ScheduleChange, ScheduleCreate, SchedulePreview } from './types';

export const scheduleKeys = {
  all: ['schedules'] as const,
  of: (pipelineId: string) => ['schedules', 'of', pipelineId] as const,
  preview: (expression: string, zone: string) => ['schedules', 'preview', expression, zone] as const,
};

/** What starts a pipeline by the clock. Read again now and then: fire times pass while the page is open. */
export function schedulesQuery(pipelineId: string) {
  return queryOptions({
    queryKey: scheduleKeys.of(pipelineId),
    queryFn: async ({ signal }) =>
      (await get<{ results: Schedule[] }>(`pipelines/${pipelineId}/schedules/`, {}, signal)).results,
    refetchInterval: 10_000,
  });
}

/** An expression in words with its next five fire times, or why it is none. */
export function previewQuery(expression: string, zone: string) {
  return queryOptions({
    queryKey: scheduleKeys.preview(expression, zone),
    queryFn: ({ signal }) => get<SchedulePreview>('schedules/preview/', { expression, zone }, signal),
    staleTime: 30_000,
    retry: false,
  });
}

export function createSchedule(pipelineId: string, schedule: ScheduleCreate): Promise<Schedule> {
  return post(`pipelines/${pipelineId}/schedules/`, schedule);
}

export function changeSchedule(id: string, change: ScheduleChange): Promise<Schedule> {
  return patch(`schedules/${id}/`, change);
}

export function deleteSchedule(id: string): Promise<void> {
  return remove(`schedules/${id}/`);
}
