import { describe, expect, it } from 'vitest';
import type { PipelineRow } from '@/api/types';
import type { RowsFrame } from '@/execution/feed';
import { anExecution } from '@/testing/execution';
import { factsChanged } from './use-arrivals';

const EARLY = '2026-11-23T14:00:00Z';
const LATE = '2026-11-23T15:00:00Z';
const last = { id: 'last', status: 'Executing', started_at: EARLY, duration_seconds: null } as const;
const shown = { id: 'a', latest_version: 1, last_execution: last } as PipelineRow;

function frame(facts: Partial<RowsFrame>): RowsFrame {
  return { type: 'rows', cursor: '', executions: [], pipelines: [], ...facts };
}

function run(id: string, of: string, status: 'Executing' | 'Succeeded', started_at: string) {
  return anExecution({ id, pipeline: { id: of, name: of, display_name: '' }, status, started_at });
}

describe('the facts of an open pipeline', () => {
  it('are read again at a new version, a new run and a new state of the last run', () => {
    const version = { id: 'a', revision: 2, latest_version: 2, arrived_version: null, deleted: false };
    expect(factsChanged(shown, frame({ pipelines: [version] }))).toBe(true);
    expect(factsChanged(shown, frame({ executions: [run('new', 'a', 'Executing', LATE)] }))).toBe(true);
    expect(factsChanged(shown, frame({ executions: [run('last', 'a', 'Succeeded', EARLY)] }))).toBe(true);
  });

  it('stay when the same comes again, an older run changes, or it is about another pipeline', () => {
    const same = { id: 'a', revision: 9, latest_version: 1, arrived_version: null, deleted: false };
    const runs = [run('last', 'a', 'Executing', EARLY), run('old', 'a', 'Succeeded', '2026-11-22T00:00:00Z')];
    expect(factsChanged(shown, frame({ pipelines: [same], executions: runs }))).toBe(false);
    const other = { id: 'b', revision: 1, latest_version: 7, arrived_version: null, deleted: false };
    const elsewhere = [run('new', 'b', 'Executing', LATE)];
    expect(factsChanged(shown, frame({ pipelines: [other], executions: elsewhere }))).toBe(false);
  });
});
