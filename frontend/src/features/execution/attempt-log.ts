import { useEffect, useState, useSyncExternalStore } from 'react';
import { type LogPage, readLog } from '@/api/execution-steps';
import { LogBuffer } from '@/execution/log-buffer';
import { isTerminalStep, type StepRow } from '@/execution/types';
import { useLive } from './live';

export interface LogState {
  lines: readonly string[];
  buffer: LogBuffer;
  /** Everything there is has been read at least once. */
  caughtUp: boolean;
  error: Error | null;
  truncated: boolean;
  rawBytes: number | null;
}

/** A growing log as a store: changes are told once per frame. */
class AttemptLog {
  readonly buffer = new LogBuffer();
  state: LogState = {
    lines: this.buffer.lines,
    buffer: this.buffer,
    caughtUp: false,
    error: null,
    truncated: false,
    rawBytes: null,
  };
  private readonly listeners = new Set<() => void>();
  private waiting = false;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly read = (): LogState => this.state;

  change(facts: Partial<LogState> = {}): void {
    this.state = { ...this.state, ...facts };
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      this.state = { ...this.state };
      for (const listener of this.listeners) listener();
    });
  }

  /** False when the piece does not follow on what is there. */
  take(page: Pick<LogPage, 'offset' | 'text'> & { next_offset?: number }): boolean {
    const taken = this.buffer.append(page.offset, page.text, page.next_offset);
    if (taken) this.change();
    return taken || page.offset < this.buffer.nextOffset;
  }
}

/** The log of one attempt: read to its end, then followed over the socket while the step runs. */
export function useAttemptLog(row: StepRow, attempt: number): LogState {
  const { executionId, connection } = useLive();
  const [log] = useState(() => new AttemptLog());
  const { name, iteration } = row;
  const over = isTerminalStep(row.status) || attempt < row.attempt;
  useEffect(() => {
    if (attempt < 1) return;
    const abort = new AbortController();
    let leave = () => {};
    const readOn = async () => {
      try {
        for (;;) {
          const offset = log.buffer.nextOffset;
          const page = await readLog(executionId, name, { iteration, attempt, offset }, abort.signal);
          log.take(page);
          log.change({ truncated: page.truncated, rawBytes: page.raw_bytes, error: null });
          if (page.complete || page.next_offset <= offset) break;
        }
        log.change({ caughtUp: true });
        if (!over && connection) follow();
      } catch (error) {
        if (!abort.signal.aborted) log.change({ error: error as Error });
      }
    };
    const follow = () => {
      leave =
        connection?.watchLog({
          step: name,
          iteration,
          attempt,
          offset: () => log.buffer.nextOffset,
          onText: (frame) => {
            if (log.take(frame)) return;
            leave();
            void readOn();
          },
        }) ?? leave;
    };
    void readOn();
    return () => {
      abort.abort();
      leave();
    };
  }, [executionId, connection, name, iteration, attempt, over, log]);
  return useSyncExternalStore(log.subscribe, log.read);
}
