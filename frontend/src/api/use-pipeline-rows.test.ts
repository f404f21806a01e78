import { describe, expect, it } from 'vitest';
import { anExecution } from '@/testing/execution';
import type { PipelineRow } from './types';
import { outdated, withLastRuns, withoutDeleted } from './use-pipeline-rows';

const EARLY = '2026-11-23T14:00:00Z';
const LATE = '2026-11-23T15:00:00Z';

function pages(...rows: Partial<PipelineRow>[]) {
  const results = rows.map((row) => ({ updated_at: EARLY, last_execution: null, ...row }) as PipelineRow);
  return { pages: [{ results, next: null }], pageParams: [null] };
}

function run(facts: { id: string; of: string; at: string | null; status?: 'Executing' | 'Succeeded' }) {
  const pipeline = { id: facts.of, name: facts.of, display_name: '' };
  return anExecution({
    id: facts.id,
    pipeline,
    started_at: facts.at,
    status: facts.status ?? 'Executing',
  });
}

function lastRuns(found: ReturnType<typeof withLastRuns>) {
  return found.pages[0]?.results.map((row) => row.last_execution?.id ?? null);
}

describe('the pipelines of a list', () => {
  it('show the newest run the feed tells of', () => {
    const told = [
      run({ id: 'old', of: 'a', at: EARLY }),
      run({ id: 'new', of: 'a', at: LATE, status: 'Succeeded' }),
    ];
    const found = withLastRuns(pages({ id: 'a' }, { id: 'b' }), told);
    expect(lastRuns(found)).toEqual(['new', null]);
    expect(found.pages[0]?.results[0]?.last_execution?.status).toBe('Succeeded');
  });

  it('keep a run that is newer than the one told of, and one that has not begun changes nothing', () => {
    const shown = pages({
      id: 'a',
      last_execution: { id: 'new', status: 'Failed', started_at: LATE, duration_seconds: 1 },
    });
    const told = [run({ id: 'old', of: 'a', at: EARLY }), run({ id: 'none', of: 'a', at: null })];
    expect(lastRuns(withLastRuns(shown, told))).toEqual(['new']);
  });

  it('are read again when one is new or was changed, not when the same row comes twice', () => {
    const changed = { revision: 1, latest_version: null, arrived_version: null, deleted: false };
    expect(outdated(pages({ id: 'a' }), [{ id: 'a', updated_at: EARLY, ...changed }])).toBe(false);
    expect(outdated(pages({ id: 'a' }), [{ id: 'a', updated_at: LATE, ...changed }])).toBe(true);
    expect(outdated(pages({ id: 'a' }), [{ id: 'b', updated_at: EARLY, ...changed }])).toBe(true);
    expect(outdated(pages({ id: 'a' }), [])).toBe(false);
  });

  it('lose what was deleted at once, and stay when that is told again', () => {
    const gone = { id: 'a', revision: 1, latest_version: null, arrived_version: null, deleted: true };
    const left = withoutDeleted(pages({ id: 'a' }, { id: 'b' }), [gone]);
    expect(left.pages[0]?.results.map((row) => row.id)).toEqual(['b']);
    expect(withoutDeleted(left, [gone])).toBe(left);
    expect(outdated(left, [{ ...gone, updated_at: LATE }])).toBe(false);
  });
});
