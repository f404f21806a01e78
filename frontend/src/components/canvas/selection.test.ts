import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { useReportedSelection } from './selection';

const select = (id: string, selected: boolean) => ({ type: 'select', id, selected });

it('reports steps and wires of one click together', async () => {
  const onSelect = vi.fn();
  const { result } = renderHook(() => useReportedSelection(['A'], ['w'], onSelect));
  result.current('edges', [select('w', false)]);
  result.current('steps', [select('A', false), select('B', true)]);
  await Promise.resolve();
  expect(onSelect).toHaveBeenCalledTimes(1);
  expect(onSelect).toHaveBeenCalledWith(['B'], []);
});

it('does not report a selection that came in, and starts from it', async () => {
  const onSelect = vi.fn();
  const { result, rerender } = renderHook(({ selected }) => useReportedSelection(selected, [], onSelect), {
    initialProps: { selected: ['A'] },
  });
  rerender({ selected: ['B'] });
  await Promise.resolve();
  expect(onSelect).not.toHaveBeenCalled();
  result.current('steps', [select('C', true), { type: 'position', id: 'B' }]);
  await Promise.resolve();
  expect(onSelect).toHaveBeenCalledWith(['B', 'C'], []);
});
