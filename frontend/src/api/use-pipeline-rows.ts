import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type ChangedPipeline, followFeed } from '@/execution/feed';
import { pipelineKeys, pipelinesQuery } from './pipelines';
import type { ExecutionRow, Page, PipelineRow } from './types';

type Pages = InfiniteData<Page<PipelineRow>, string | null>;

/** The pipelines of a list, kept current by the feed: scripts make, change and start them too. */
export function usePipelineRows(search: string) {
  const client = useQueryClient();
  const list = useInfiniteQuery(pipelinesQuery(search));
  useEffect(
    () =>
      followFeed({
        onRows: ({ executions, pipelines }) => {
          const key = pipelineKeys.list(search);
          const shown = client.getQueryData<Pages>(key);
          if (!shown) return;
          if (executions.length > 0) client.setQueryData<Pages>(key, withLastRuns(shown, executions));
          client.setQueryData<Pages>(key, (pages) => pages && withoutDeleted(pages, pipelines));
          if (outdated(shown, pipelines)) void client.invalidateQueries({ queryKey: key });
        },
      }),
    [client, search],
  );
  return list;
}

/** The pages with the newest run of each pipeline as the feed tells it. */
export function withLastRuns(pages: Pages, executions: readonly ExecutionRow[]): Pages {
  const newest = new Map<string, ExecutionRow & { started_at: string }>();
  for (const run of executions) {
    const { started_at, pipeline } = run;
    if (started_at !== null && started_at >= (newest.get(pipeline.id)?.started_at ?? '')) {
      newest.set(pipeline.id, { ...run, started_at });
    }
  }
  return {
    ...pages,
    pages: pages.pages.map((page) => ({
      ...page,
      results: page.results.map((row) => {
        const run = newest.get(row.id);
        if (!run || run.started_at < (row.last_execution?.started_at ?? '')) return row;
        const { id, status, started_at, duration_seconds } = run;
        return { ...row, last_execution: { id, status, started_at, duration_seconds } };
      }),
    })),
  };
}

/** The pages without the pipelines that are gone; the same pages when they show none of them. */
export function withoutDeleted(pages: Pages, changed: readonly ChangedPipeline[]): Pages {
  const gone = new Set(changed.filter((row) => row.deleted).map((row) => row.id));
  if (!pages.pages.some((page) => page.results.some((row) => gone.has(row.id)))) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) => ({ ...page, results: page.results.filter((row) => !gone.has(row.id)) })),
  };
}

/** Whether the list lacks one of these pipelines, or shows an earlier state of it. */
export function outdated(pages: Pages, changed: readonly ChangedPipeline[]): boolean {
  const shown = new Map(pages.pages.flatMap((page) => page.results.map((row) => [row.id, row.updated_at])));
  return changed.some((row) => !row.deleted && shown.get(row.id) !== row.updated_at);
}
