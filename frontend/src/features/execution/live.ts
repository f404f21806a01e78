import { createContext, useCallback, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { readEvents } from '@/api/execution-steps';
import { ExecutionConnection } from '@/execution/connection';
import type { ConnectionState } from '@/execution/live-socket';
import { ServerClock } from '@/execution/server-clock';
import { ExecutionStore } from '@/execution/store';
import type { EventFrame, ExecutionRow, StepRow } from '@/execution/types';

/** One execution as it happens: rows, the server's clock, and the line they come over. */
export interface Live {
  executionId: string;
  store: ExecutionStore;
  clock: ServerClock;
  connection: ExecutionConnection | null;
  state: ConnectionState;
}

export const LiveContext = createContext<Live | null>(null);

/** Follows an execution while the component is on the page. */
export function useLiveExecution(executionId: string): Live {
  const [store] = useState(() => new ExecutionStore());
  const [clock] = useState(() => new ServerClock());
  const [connection, setConnection] = useState<ExecutionConnection | null>(null);
  const [state, setState] = useState<ConnectionState>('connecting');
  useEffect(() => {
    const line = new ExecutionConnection({ executionId, store, clock, onState: setState });
    setConnection(line);
    return () => {
      line.close();
      setConnection(null);
      setState('connecting');
    };
  }, [executionId, store, clock]);
  return { executionId, store, clock, connection, state };
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (!live) throw new Error('This component belongs inside an execution page.');
  return live;
}

export function useExecution(): ExecutionRow | null {
  const { store } = useLive();
  return useSyncExternalStore(store.subscribeExecution, store.execution);
}

export function useStep(key: string | null): StepRow | undefined {
  const { store } = useLive();
  const subscribe = useCallback(
    (listener: () => void) => (key === null ? () => {} : store.subscribeStep(key, listener)),
    [store, key],
  );
  return useSyncExternalStore(subscribe, () => (key === null ? undefined : store.step(key)));
}

/** All rows in planning order; renders again at most once per frame. */
export function useSteps(): readonly StepRow[] {
  const { store } = useLive();
  return useSyncExternalStore(store.subscribeAny, store.steps);
}

/** The history as far as it is known; what happened before the page opened is fetched once. */
export function useHistory(): readonly EventFrame[] {
  const { store, executionId } = useLive();
  const version = useSyncExternalStore(store.subscribeAny, store.version);
  const missing = store.missingAfter();
  useEffect(() => {
    if (missing === null) return;
    const abort = new AbortController();
    readEvents(executionId, missing, abort.signal).then(
      (page) => store.remember(page.events),
      () => undefined, // the rows are right without it; the next change asks again
    );
    return () => abort.abort();
  }, [executionId, store, missing]);
  const [history, setHistory] = useState<{ version: number; events: readonly EventFrame[] }>(() => ({
    version: -1,
    events: [],
  }));
  if (history.version !== version) {
    const events = store.history();
    setHistory({ version, events });
    return events;
  }
  return history.events;
}

/** The server's time in ms, ticking every `every` ms while `active`. */
export function useServerNow(active: boolean, every = 1000): number {
  const { clock } = useLive();
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    setNow(clock.now());
    if (!active) return;
    const timer = setInterval(() => setNow(clock.now()), every);
    return () => clearInterval(timer);
  }, [active, clock, every]);
  return now;
}
