import { describe, expect, it } from 'vitest';
import { absolute, ago, bytes, duration, ServerClock } from './time';

describe('durations', () => {
  it.each([
    [0.0042, 'done', '4 ms'],
    [0.3, 'done', '0.3 s'],
    [12.44, 'done', '12.4 s'],
    [59.97, 'done', '1:00'],
    [187, 'done', '3:07'],
    [3_723, 'done', '1:02:03'],
    [41.9, 'live', '0:41'],
    [0, 'live', '0:00'],
  ] as const)('%f %s is %s', (seconds, mode, text) => {
    expect(duration(seconds, mode)).toBe(text);
  });

  it('says nothing for an unknown one', () => {
    expect(duration(null, 'done')).toBe('');
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-23T14:00:00Z');
  it.each([
    ['2026-11-23T13:59:55Z', 'just now'],
    ['2026-11-23T13:59:20Z', '40 s ago'],
    ['2026-11-23T13:58:00Z', '2 min ago'],
    ['2026-11-23T11:00:00Z', '3 h ago'],
    ['2026-11-20T13:00:00Z', '3 d ago'],
    ['2026-11-23T14:00:02Z', 'just now'],
  ])('%s is %s', (iso, text) => {
    expect(ago(iso, now)).toBe(text);
  });

  it('gives the absolute time with seconds', () => {
    expect(absolute('2026-11-23T14:05:12Z')).toMatch(/^2026-11-2[34] \d\d:\d\d:12$/);
  });

  it('follows the clock of the server', () => {
    const clock = new ServerClock(() => 1_000);
    clock.sync(new Date(5_000).toISOString());
    expect(clock.now()).toBe(5_000);
    clock.sync('not a time');
    expect(clock.now()).toBe(5_000);
  });
});

describe('sizes', () => {
  it.each([
    [812, '812 B'],
    [1_258_291, '1.2 MiB'],
    [341_000_000, '325 MiB'],
    [8 * 1024 ** 3, '8.0 GiB'],
  ])('%i is %s', (count, text) => {
    expect(bytes(count)).toBe(text);
  });
});
