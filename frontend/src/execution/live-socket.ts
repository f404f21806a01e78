import ReconnectingWebSocket from 'partysocket/ws';

/**
 * `connecting` before the first frame, `live`, `reconnecting` after a loss (tries on by itself),
 * and three ends it does not come back from.
 */
export type ConnectionState =
  | 'connecting'
  | 'live'
  | 'reconnecting'
  | 'signed-out'
  | 'forbidden'
  | 'not-found';

/** What this needs of a socket; `partysocket` has it, a test can. */
export interface SocketLike {
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: string }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(data: string): void;
  reconnect(): void;
  close(): void;
}

export type MakeSocket = (url: () => string) => SocketLike;

const ENDS: Record<number, ConnectionState> = { 4401: 'signed-out', 4403: 'forbidden', 4404: 'not-found' };

/** The server's heartbeat comes every 15 s; after this silence the line counts as dead. */
export const SILENCE_MS = 20_000;

export const browserSocket: MakeSocket = (url) =>
  new ReconnectingWebSocket(url, ['clary.v1'], {
    minReconnectionDelay: 250,
    maxReconnectionDelay: 4_000,
    reconnectionDelayGrowFactor: 1.6,
    connectionTimeout: 5_000,
    minUptime: 2_000,
    maxEnqueuedMessages: 0,
  }) as SocketLike;

export interface LiveSocketOptions {
  /** Asked before every try, so it can carry the newest cursor. */
  url: () => string;
  onFrame: (frame: unknown) => void;
  onState: (state: ConnectionState) => void;
  /** The line is open (again): say what you want to hear. */
  onOpen?: () => void;
  makeSocket?: MakeSocket;
}

/** One websocket that comes back by itself, notices silence, and knows when coming back is pointless. */
export class LiveSocket {
  private readonly socket: SocketLike;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private state: ConnectionState = 'connecting';
  private closed = false;

  constructor(private readonly options: LiveSocketOptions) {
    this.socket = (options.makeSocket ?? browserSocket)(options.url);
    this.socket.onopen = () => {
      this.listen();
      options.onOpen?.();
    };
    this.socket.onmessage = ({ data }) => {
      this.listen();
      this.tell('live');
      options.onFrame(JSON.parse(data));
    };
    this.socket.onclose = ({ code }) => this.lost(code);
    if (typeof window !== 'undefined') {
      window.addEventListener('offline', this.offline);
      window.addEventListener('online', this.online);
    }
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** Drops the line and asks again from the newest cursor. */
  restart(): void {
    this.tell('reconnecting');
    this.socket.reconnect();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.silence);
    if (typeof window !== 'undefined') {
      window.removeEventListener('offline', this.offline);
      window.removeEventListener('online', this.online);
    }
    this.socket.close();
  }

  private readonly offline = (): void => this.tell('reconnecting');
  private readonly online = (): void => this.restart();

  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.restart(), SILENCE_MS);
  }

  private lost(code: number): void {
    if (this.closed) return;
    clearTimeout(this.silence);
    const end = ENDS[code];
    if (end) {
      this.tell(end);
      this.close();
    } else {
      this.tell('reconnecting');
    }
  }

  private tell(state: ConnectionState): void {
    if (this.closed || state === this.state) return;
    this.state = state;
    this.options.onState(state);
  }
}

/** The address of a socket path on the host the page came from. */
export function socketUrl(path: string, query: Record<string, string | number | null> = {}): string {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  for (const [name, value] of Object.entries(query))
    if (value !== null) url.searchParams.set(name, String(value));
  return url.toString();
}
