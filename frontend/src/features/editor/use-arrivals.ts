import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { pipelineKeys } from '@/api/pipelines';
import type { PipelineRow } from '@/api/types';
import { type ChangedPipeline, followFeed, type RowsFrame } from '@/execution/feed';
import { useScene } from './editor-context';
import type { EditorStore } from './editor-store';

/**
 * Versions that the API brings while the draft is open: a draft with changes is told, one without moves on with the
 * server's, which is opened by `onReload`. Version and last run of the pipeline are read again when they changed.
 */
export function useArrivals(onReload: () => void): void {
  const { store, pipeline } = useScene();
  const client = useQueryClient();
  const reload = useRef(onReload);
  reload.current = onReload;
  const shown = useRef(pipeline);
  shown.current = pipeline;
  useEffect(() => {
    const stop = followFeed({
      onRows: (frame) => {
        if (factsChanged(shown.current, frame)) {
          void client.invalidateQueries({ queryKey: pipelineKeys.one(pipeline.id), exact: true });
        }
        const row = frame.pipelines.find((one) => one.id === pipeline.id);
        if (!row || row.deleted) return;
        if (row.arrived_version !== null) store.getState().arrived(row.arrived_version);
        else if (movedOn(row, store)) {
          stop();
          notifications.show({
            message: `v${row.latest_version} arrived from the API. Your draft had no changes, so it is open now.`,
            withBorder: true,
          });
          reload.current();
        }
      },
    });
    return stop;
  }, [client, store, pipeline.id]);
}

/** Whether the server's draft went on to a newer version while nothing was done here. */
export function movedOn(row: ChangedPipeline, store: EditorStore): boolean {
  const { baseVersion, changesSinceVersion, save, revision } = store.getState();
  return (
    row.latest_version !== null &&
    row.latest_version > (baseVersion ?? 0) &&
    row.revision > revision() &&
    changesSinceVersion === 0 &&
    save.kind === 'saved'
  );
}

/** Whether the pipeline has another version, or another last run or state of it, than is shown. */
export function factsChanged(shown: PipelineRow, { pipelines, executions }: RowsFrame): boolean {
  const last = shown.last_execution;
  return (
    pipelines.some((row) => row.id === shown.id && row.latest_version !== shown.latest_version) ||
    executions.some(
      (run) =>
        run.pipeline.id === shown.id &&
        (run.id === last?.id
          ? run.status !== last.status
          : (run.started_at ?? '') > (last?.started_at ?? '')),
    )
  );
}
