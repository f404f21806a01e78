/** 40 ms, 0.3 s, 12.4 s, 0:41, 2:03:10. `clock` never shows fractions: for a number that counts up. */
export function formatDuration(seconds: number, style: 'auto' | 'clock' = 'auto'): string {
  if (style === 'auto' && seconds < 0.0995) return `${Math.round(seconds * 1000)} ms`;
  if (style === 'auto' && seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = style === 'auto' ? Math.round(seconds) : Math.floor(seconds);
  const parts = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60] as const;
  const tail = String(parts[2]).padStart(2, '0');
  return parts[0] > 0 ? `${parts[0]}:${String(parts[1]).padStart(2, '0')}:${tail}` : `${parts[1]}:${tail}`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** "just now", "2 min ago", "3 h ago", "5 days ago", then the date. */
export function formatAgo(iso: string, now: number = Date.now()): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (seconds < 45) return 'just now';
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  const days = Math.round(seconds / 86_400);
  return days < 30 ? `${days} ${days === 1 ? 'day' : 'days'} ago` : new Date(iso).toLocaleDateString();
}

export function formatAbsolute(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** 14:02 */
export function formatClock(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hour12: false });
}
