import { describe, expect, it } from 'vitest';
import { formatAbsolute, formatAgo, formatBytes, formatDuration } from './format';

describe('durations', () => {
  it.each([
    [0.0042, 'auto', '4 ms'],
    [0.3, 'auto', '0.3 s'],
    [12.44, 'auto', '12.4 s'],
    [59.97, 'auto', '1:00'],
    [187, 'auto', '3:07'],
    [3_723, 'auto', '1:02:03'],
    [41.9, 'clock', '0:41'],
    [0, 'clock', '0:00'],
  ] as const)('%f %s is %s', (seconds, style, text) => {
    expect(formatDuration(seconds, style)).toBe(text);
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-23T14:00:00Z');
  it.each([
    ['2026-11-23T13:59:55Z', 'just now'],
    ['2026-11-23T13:58:00Z', '2 min ago'],
    ['2026-11-23T11:00:00Z', '3 h ago'],
    ['2026-11-20T13:00:00Z', '3 days ago'],
    ['2026-11-23T14:00:02Z', 'just now'],
  ])('%s is %s', (iso, text) => {
    expect(formatAgo(iso, now)).toBe(text);
  });

  it('gives the absolute time with seconds', () => {
    expect(formatAbsolute('2026-11-23T14:05:12Z')).toContain(':12');
  });
});

describe('sizes', () => {
  it.each([
    [812, '812 B'],
    [1_258_291, '1.2 MiB'],
    [341_000_000, '325 MiB'],
    [8 * 1024 ** 3, '8.0 GiB'],
  ])('%i is %s', (count, text) => {
    expect(formatBytes(count)).toBe(text);
  });
});
