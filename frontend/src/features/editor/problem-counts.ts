import { useEffect, useState } from 'react';
import { KeyedStore, type NodeProblems } from '@/components/canvas/sources';
import { useEditor } from './editor-context';

/** Problems per step as a keyed store: a node renders again only when its own count changed. */
export function useProblemCounts(): KeyedStore<NodeProblems> {
  const problems = useEditor((state) => state.problems);
  const [store] = useState(() => new KeyedStore<NodeProblems>());
  useEffect(() => {
    const counts = new Map<string, NodeProblems>();
    for (const problem of problems) {
      if (!problem.step || problem.severity === 'info') continue;
      const count = counts.get(problem.step) ?? { errors: 0, warnings: 0 };
      counts.set(problem.step, {
        errors: count.errors + (problem.severity === 'error' ? 1 : 0),
        warnings: count.warnings + (problem.severity === 'warning' ? 1 : 0),
      });
    }
    for (const [step, count] of counts) {
      const before = store.get(step);
      if (before?.errors === count.errors && before.warnings === count.warnings) counts.set(step, before);
    }
    store.replace(counts);
  }, [problems, store]);
  return store;
}
