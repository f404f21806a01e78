import { describe, expect, it } from 'vitest';
import { anExecution } from '@/testing/execution';
import { upsertRows } from './feed';

describe('rows of the feed', () => {
  const list = [anExecution({ id: 'b', status: 'Executing' }), anExecution({ id: 'a', status: 'Failed' })];

  it('replace the row they are about, in its place', () => {
    const next = upsertRows(list, [anExecution({ id: 'a', status: 'Succeeded' })]);
    expect(next.map((row) => [row.id, row.status])).toEqual([
      ['b', 'Executing'],
      ['a', 'Succeeded'],
    ]);
  });

  it('come first when they are new, newest start on top', () => {
    const early = anExecution({ id: 'c', started_at: '2026-11-23T14:00:00Z' });
    const late = anExecution({ id: 'd', started_at: '2026-11-23T15:00:00Z' });
    expect(upsertRows(list, [early, late]).map((row) => row.id)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('change nothing the second time', () => {
    const rows = [anExecution({ id: 'a', status: 'Succeeded' })];
    expect(upsertRows(upsertRows(list, rows), rows)).toEqual(upsertRows(list, rows));
  });
});
