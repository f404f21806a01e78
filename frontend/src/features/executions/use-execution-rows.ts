import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type ExecutionFilter, executionKeys, executionsQuery } from '@/api/executions';
import type { ExecutionRow, Page } from '@/api/types';
import { followFeed, upsertRows } from '@/execution/feed';
import type { ConnectionState } from '@/execution/live-socket';

type Pages = InfiniteData<Page<ExecutionRow>, string | null>;

/** The rows of a list, kept current by the feed. */
export function useExecutionRows(filter: ExecutionFilter) {
  const client = useQueryClient();
  const query = useInfiniteQuery(executionsQuery(filter));
  const [line, setLine] = useState<ConnectionState>('connecting');
  const { pipeline, status } = filter;
  useEffect(
    () =>
      followFeed({
        onState: setLine,
        onRows: ({ executions }) => {
          client.setQueryData<Pages>(executionKeys.list({ pipeline, status }), (pages) =>
            pages ? withRows(pages, executions, { pipeline, status }) : pages,
          );
        },
      }),
    [client, pipeline, status],
  );
  const rows = query.data?.pages.flatMap((page) => page.results) ?? [];
  return { query, rows, line };
}

/** Pages with changed rows in their places, new ones on top, and those that no longer match taken out. */
export function withRows(pages: Pages, rows: readonly ExecutionRow[], filter: ExecutionFilter): Pages {
  const known = new Set(pages.pages.flatMap((page) => page.results.map((row) => row.id)));
  const matching = rows.filter((row) => matches(row, filter));
  const gone = new Set(rows.filter((row) => !matches(row, filter)).map((row) => row.id));
  const fresh = matching.filter((row) => !known.has(row.id));
  return {
    ...pages,
    pages: pages.pages.map((page, index) => {
      const here = new Set(page.results.map((row) => row.id));
      const changed = matching.filter((row) => here.has(row.id));
      const results = upsertRows(page.results, index === 0 ? [...changed, ...fresh] : changed);
      return { ...page, results: results.filter((row) => !gone.has(row.id)) };
    }),
  };
}

function matches(row: ExecutionRow, filter: ExecutionFilter): boolean {
  return (
    (filter.pipeline === undefined || row.pipeline.id === filter.pipeline) &&
    (filter.status === undefined || row.status === filter.status)
  );
}
