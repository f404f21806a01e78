import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { aStep, eventAt, snapshotOf, stateOf } from '@/testing/execution';
import { ExecutionConnection } from './connection';
import { type ConnectionState, SILENCE_MS, type SocketLike } from './live-socket';
import { ServerClock } from './server-clock';
import { ExecutionStore } from './store';

class FakeSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onclose: SocketLike['onclose'] = null;
  sent: Record<string, unknown>[] = [];
  urls: string[] = [];
  closed = false;

  constructor(private readonly url: () => string) {
    this.urls.push(url());
  }
  send(data: string) {
    this.sent.push(JSON.parse(data));
  }
  reconnect() {
    this.urls.push(this.url());
  }
  close() {
    this.closed = true;
  }
  opens() {
    this.onopen?.(undefined as never);
  }
  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drops(code: number) {
    this.onclose?.({ code });
  }
}

function connect() {
  let socket: FakeSocket | undefined;
  const store = new ExecutionStore((callback) => callback());
  const states: ConnectionState[] = [];
  const clock = new ServerClock(() => 0);
  const connection = new ExecutionConnection({
    executionId: 'e1',
    store,
    clock,
    onState: (state) => states.push(state),
    url: (since) => `since=${since}`,
    makeSocket: (url) => {
      socket = new FakeSocket(url);
      return socket;
    },
  });
  if (!socket) throw new Error('no socket was made');
  return { socket, store, states, clock, connection };
}

const snapshot = () => snapshotOf(stateOf([aStep('Train')], 3));

describe('the connection', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('asks for a snapshot first and for the rest after a loss', () => {
    const { socket, store, states } = connect();
    socket.opens();
    socket.says(snapshot());
    socket.says({ type: 'events', events: [eventAt(4, 'StepQueued', 'Train')] });
    socket.drops(1006);
    socket.reconnect();
    expect(socket.urls).toEqual(['since=null', 'since=4']);
    socket.says({ type: 'events', events: [eventAt(5, 'StepStarting', 'Train')] });
    expect(store.step('Train')?.status).toBe('Starting');
    expect(states).toEqual(['live', 'reconnecting', 'live']);
  });

  it('asks again from the last event it has when one is missing', () => {
    const { socket } = connect();
    socket.says(snapshot());
    socket.says({ type: 'events', events: [eventAt(9, 'StepFailed', 'Train')] });
    expect(socket.urls.at(-1)).toBe('since=3');
  });

  it('takes silence for a loss', () => {
    const { socket, states } = connect();
    socket.opens();
    socket.says(snapshot());
    vi.advanceTimersByTime(SILENCE_MS - 1);
    expect(states.at(-1)).toBe('live');
    socket.says({ type: 'heartbeat', server_time: '1970-01-01T00:00:00Z' });
    vi.advanceTimersByTime(SILENCE_MS + 1);
    expect(states.at(-1)).toBe('reconnecting');
  });

  it.each([
    [4401, 'signed-out'],
    [4403, 'forbidden'],
    [4404, 'not-found'],
  ] as const)('does not come back from close code %i', (code, state) => {
    const { socket, states } = connect();
    socket.drops(code);
    expect(states).toEqual([state]);
    expect(socket.closed).toBe(true);
  });

  it('keeps the time of the server', () => {
    const { socket, clock } = connect();
    socket.says({ type: 'heartbeat', server_time: '1970-01-01T00:00:30Z' });
    expect(clock.now()).toBe(30_000);
  });

  it('watches a log, and goes on where it stopped after a reconnect', () => {
    const { socket, connection } = connect();
    let offset = 0;
    const seen: string[] = [];
    const leave = connection.watchLog({
      step: 'Train',
      iteration: -1,
      attempt: 1,
      offset: () => offset,
      onText: (frame) => {
        seen.push(frame.text);
        offset += frame.text.length;
      },
    });
    socket.says({ type: 'log', step: 'Train', attempt: 1, offset: 0, text: 'hello' });
    socket.says({ type: 'log', step: 'Other', attempt: 1, offset: 0, text: 'not mine' });
    socket.opens();
    expect(seen).toEqual(['hello']);
    expect(socket.sent).toEqual([
      { type: 'watch_log', step: 'Train', iteration: -1, attempt: 1, offset: 0 },
      { type: 'watch_log', step: 'Train', iteration: -1, attempt: 1, offset: 5 },
    ]);
    leave();
    expect(socket.sent.at(-1)).toEqual({ type: 'unwatch_log' });
  });
});
