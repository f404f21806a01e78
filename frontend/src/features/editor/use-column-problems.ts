import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { draftColumnsQuery } from '@/api/columns';
import { useEditor, useScene, useView } from './editor-context';

/** Asks after every saved change whether the columns that ready-made steps name will be there. */
export function useColumnProblems(): void {
  const { pipeline, store } = useScene();
  const { graph } = useView();
  const save = useEditor((state) => state.save);
  const ready = graph.steps.some((entry) => entry.kind !== entry.type);
  const columns = useQuery({
    ...draftColumnsQuery(pipeline.id, store.getState().revision()),
    enabled: ready && save.kind === 'saved',
  });
  const problems = columns.data?.problems;
  useEffect(() => store.getState().tellColumns(ready ? (problems ?? []) : []), [store, ready, problems]);
}
