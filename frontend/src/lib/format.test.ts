import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatDuration } from './format';

describe('figures', () => {
  it('tells durations as people read them', () => {
    expect(formatDuration(0.31)).toBe('0.3 s');
    expect(formatDuration(12.44)).toBe('12.4 s');
    expect(formatDuration(41, 'clock')).toBe('0:41');
    expect(formatDuration(7390)).toBe('2:03:10');
  });

  it('tells sizes in binary units', () => {
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(412 * 1024 * 1024)).toBe('412 MiB');
  });

  it('tells how long ago', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    expect(formatAgo('2026-11-23T11:59:50Z', now)).toBe('just now');
    expect(formatAgo('2026-11-23T11:58:00Z', now)).toBe('2 min ago');
    expect(formatAgo('2026-11-23T09:00:00Z', now)).toBe('3 h ago');
    expect(formatAgo('2026-11-21T12:00:00Z', now)).toBe('2 days ago');
  });
});
