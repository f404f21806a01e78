/** A run view's surroundings for component tests: rows in a store, no server. */
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { sessionQuery } from '@/api/session';
import { ServerClock } from '@/execution/server-clock';
import { ExecutionStore } from '@/execution/store';
import type { EventFrame, ExecutionRow, StepRow } from '@/execution/types';
import { type Live, LiveContext } from '@/features/execution/live';
import { PipelineContext } from '@/features/execution/pipeline-context';
import { EMPTY_CATALOG } from '@/pipeline/catalog';
import { anExecution, snapshotOf, stateOf } from '@/testing/execution';

interface Surroundings {
  steps: StepRow[];
  execution?: Partial<ExecutionRow>;
  history?: EventFrame[];
  permissions?: string[];
  wires?: { source: string; target: string }[];
}

export function aLiveStore({ steps, execution, history = [] }: Surroundings): ExecutionStore {
  const store = new ExecutionStore((callback) => callback());
  store.reset(snapshotOf(stateOf(steps, history.length, anExecution(execution))));
  store.remember(history);
  return store;
}

export function LiveRun({
  children,
  store,
  ...rest
}: Surroundings & { children: ReactNode; store?: ExecutionStore }) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const permissions = rest.permissions ?? ['view', 'stop-execution', 'retry-execution'];
  client.setQueryData(sessionQuery().queryKey, { role: 'operator', permissions } as never);
  const live: Live = {
    executionId: 'exec00000001',
    store: store ?? aLiveStore(rest),
    clock: new ServerClock(),
    connection: null,
    state: 'live',
  };
  const view = {
    nodes: [],
    edges: (rest.wires ?? []) as never[],
    graph: { steps: [], edges: [], missing: [] },
  };
  return (
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <LiveContext.Provider value={live}>
          <PipelineContext.Provider value={{ executionId: live.executionId, view, catalog: EMPTY_CATALOG }}>
            {children}
          </PipelineContext.Provider>
        </LiveContext.Provider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
