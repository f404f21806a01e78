import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { addressProblemsQuery } from '@/api/pipelines';
import { useEditor, useScene } from './editor-context';

/** Asks after every saved change, and while one is missing now and then, whether something lies where steps read. */
export function useAddressProblems(): void {
  const { pipeline, store } = useScene();
  const save = useEditor((state) => state.save);
  const { data } = useQuery({
    ...addressProblemsQuery(pipeline.id, store.getState().revision()),
    enabled: save.kind === 'saved',
  });
  useEffect(() => store.getState().tellAddresses(data ?? []), [store, data]);
}
