import { useCallback, useEffect, useRef } from 'react';

interface SelectChange {
  type: string;
  id?: string;
  selected?: boolean;
}

/**
 * Reports what the user selects, and only that: a selection that came in as a prop is not reported back,
 * so an address that names a step and a canvas that shows it never argue.
 *
 * Steps and wires change in separate calls of one click; they are reported together.
 */
export function useReportedSelection(
  selected: readonly string[],
  selectedEdges: readonly string[] | undefined,
  onSelect: (steps: string[], edges: string[]) => void,
): (kind: 'steps' | 'edges', changes: readonly SelectChange[]) => void {
  const now = useRef({ steps: new Set(selected), edges: new Set(selectedEdges), due: false });
  const report = useRef(onSelect);
  useEffect(() => {
    now.current.steps = new Set(selected);
    now.current.edges = new Set(selectedEdges);
  }, [selected, selectedEdges]);
  useEffect(() => {
    report.current = onSelect;
  }, [onSelect]);
  return useCallback((kind, changes) => {
    const state = now.current;
    for (const change of changes) {
      if (change.type !== 'select' || change.id === undefined) continue;
      if (change.selected) state[kind].add(change.id);
      else state[kind].delete(change.id);
      if (state.due) continue;
      state.due = true;
      queueMicrotask(() => {
        state.due = false;
        report.current([...state.steps], [...state.edges]);
      });
    }
  }, []);
}
