import { type ConnectionState, LiveSocket, type MakeSocket, socketUrl } from './live-socket';
import type { ServerClock } from './server-clock';
import type { ExecutionStore } from './store';
import type { Frame, LogFrame } from './types';

interface LogWatch {
  step: string;
  iteration: number;
  attempt: number;
  /** Where the next piece has to start; asked again on every reconnect. */
  offset: () => number;
  onText: (frame: LogFrame) => void;
}

export interface ExecutionConnectionOptions {
  executionId: string;
  store: ExecutionStore;
  clock: ServerClock;
  onState: (state: ConnectionState) => void;
  makeSocket?: MakeSocket;
  url?: (since: number | null) => string;
}

/**
 * Feeds one execution's frames into its store.
 *
 * The first connection gets a snapshot; every later one says which event it saw last and gets the rest,
 * so first load, reconnect and live are one path. At most one log is watched at a time.
 */
export class ExecutionConnection {
  private readonly socket: LiveSocket;
  private watch: LogWatch | null = null;

  constructor(private readonly options: ExecutionConnectionOptions) {
    const { executionId, store } = options;
    const url =
      options.url ?? ((since) => socketUrl(`/ws/executions/${encodeURIComponent(executionId)}/`, { since }));
    this.socket = new LiveSocket({
      url: () => url(store.execution() ? store.sequence : null),
      onFrame: (frame) => this.receive(frame as Frame),
      onState: options.onState,
      onOpen: () => this.sendWatch(),
      ...(options.makeSocket ? { makeSocket: options.makeSocket } : {}),
    });
  }

  /** Follows the log of one attempt from `offset()`. Returns how to stop. */
  watchLog(watch: LogWatch): () => void {
    if (this.watch) this.socket.send({ type: 'unwatch_log' });
    this.watch = watch;
    this.sendWatch();
    return () => {
      if (this.watch !== watch) return;
      this.watch = null;
      this.socket.send({ type: 'unwatch_log' });
    };
  }

  close(): void {
    this.socket.close();
  }

  private sendWatch(): void {
    if (!this.watch) return;
    const { step, iteration, attempt, offset } = this.watch;
    this.socket.send({ type: 'watch_log', step, iteration, attempt, offset: offset() });
  }

  private receive(frame: Frame): void {
    const { store, clock } = this.options;
    switch (frame.type) {
      case 'snapshot':
        clock.sync(frame.server_time);
        store.reset(frame);
        break;
      case 'events':
        if (store.apply(frame.events) === 'gap') this.socket.restart();
        break;
      case 'heartbeat':
        clock.sync(frame.server_time);
        break;
      case 'log':
        if (this.watch && frame.step === this.watch.step && frame.attempt === this.watch.attempt) {
          this.watch.onText(frame);
        }
        break;
    }
  }
}
