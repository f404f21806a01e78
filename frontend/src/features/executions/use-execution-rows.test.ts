import { describe, expect, it } from 'vitest';
import { anExecution } from '@/testing/execution';
import { withRows } from './use-execution-rows';

const pages = {
  pageParams: [null, 'c'],
  pages: [
    { results: [anExecution({ id: 'b' }), anExecution({ id: 'a' })], next: 'c' },
    { results: [anExecution({ id: '9' })], next: null },
  ],
};
const ids = (result: typeof pages) =>
  result.pages.map((page) => page.results.map((row) => `${row.id} ${row.status}`));

describe('a list of executions', () => {
  it('changes a row on the page it is on', () => {
    const next = withRows(pages, [anExecution({ id: '9', status: 'Failed' })], {});
    expect(ids(next as typeof pages)).toEqual([['b Executing', 'a Executing'], ['9 Failed']]);
  });

  it('shows a new row on top', () => {
    const next = withRows(pages, [anExecution({ id: 'z' })], {});
    expect(ids(next as typeof pages)[0]).toEqual(['z Executing', 'b Executing', 'a Executing']);
  });

  it('lets a row go that no longer matches the filter, and leaves others out', () => {
    const next = withRows(
      pages,
      [anExecution({ id: 'a', status: 'Succeeded' }), anExecution({ id: 'z', status: 'Failed' })],
      {
        status: 'Executing',
      },
    );
    expect(ids(next as typeof pages)).toEqual([['b Executing'], ['9 Executing']]);
  });

  it('is not filled with rows of other pipelines', () => {
    const other = anExecution({ id: 'z', pipeline: { id: 'other', name: 'other', display_name: '' } });
    expect(withRows(pages, [other], { pipeline: 'pipe00000001' })).toEqual(pages);
  });
});
