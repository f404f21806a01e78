/** Durations and times as people read them. All inputs are seconds or ISO 8601 text; `now` is in milliseconds. */

/**
 * "0:41" while it runs (whole seconds tick), "12.4 s" or "3:07" when done, "" when unknown.
 */
export function duration(seconds: number | null, mode: 'live' | 'done'): string {
  if (seconds === null) return '';
  if (mode === 'done' && seconds < 60) {
    if (seconds < 0.0995) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
    if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  }
  const whole = mode === 'live' ? Math.floor(seconds) : Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = String(whole % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** "just now", "2 min ago", "3 h ago", "5 d ago". */
export function ago(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 10) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** "2026-11-23 14:05:12" in the reader's own time zone. */
export function absolute(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** "14:05:12.031", for rows where milliseconds matter. */
export function clockTime(iso: string): string {
  const at = new Date(iso);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'];

/** "812 B", "1.2 MiB". */
export function bytes(count: number | null | undefined): string {
  if (count === null || count === undefined) return '';
  if (count < 1024) return `${count} B`;
  let value = count / 1024;
  let unit = 0;
  while (value >= 1023.95 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

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
