/** A clock that follows the server: the reader's clock plus the offset last seen. */
export class ServerClock {
  private offset = 0;

  constructor(private readonly local: () => number = Date.now) {}

  /** Takes a server time the moment it arrives; the newest word wins, so a corrected clock is followed. */
  sync(serverTime: string | undefined): void {
    const seen = serverTime ? Date.parse(serverTime) - this.local() : Number.NaN;
    if (!Number.isNaN(seen)) this.offset = seen;
  }

  now(): number {
    return this.local() + this.offset;
  }
}
