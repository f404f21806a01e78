import { useEffect, useRef, useState } from 'react';
import { executionName, statusName, stepKind } from '@/execution/status';
import type { ExecutionStore } from '@/execution/store';
import { useLive } from './live';

const PAUSE_MS = 2000;
const MOST = 3;

/** Reads status changes out politely, at most every two seconds, a few at a time. */
export function Announcer() {
  const { store } = useLive();
  const [spoken, setSpoken] = useState('');
  const known = useRef<Map<string, string> | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const speak = () => {
      timer = undefined;
      const now = standing(store);
      const before = known.current;
      known.current = now;
      if (!before) return;
      const changed = [...now].filter(([name, word]) => before.get(name) !== word);
      if (changed.length === 0) return;
      const first = changed.slice(0, MOST).map(([name, word]) => `${name}: ${word}`);
      const rest = changed.length > MOST ? `, and ${changed.length - MOST} more` : '';
      setSpoken(first.join(', ') + rest);
    };
    known.current ??= store.execution() ? standing(store) : null;
    const leave = store.subscribeAny(() => {
      timer ??= setTimeout(speak, PAUSE_MS);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [store]);
  return (
    <p className="visually-hidden" role="status" aria-live="polite" data-testid="announcer">
      {spoken}
    </p>
  );
}

function standing(store: ExecutionStore): Map<string, string> {
  const words = new Map(store.steps().map((row) => [row.name, statusName(stepKind(row)).toLowerCase()]));
  const execution = store.execution();
  if (execution) words.set('Execution', executionName(execution.status).toLowerCase());
  return words;
}
