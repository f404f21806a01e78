import { notifications } from '@mantine/notifications';
import { useEffect, useRef } from 'react';
import { type ChangedPipeline, followFeed } from '@/execution/feed';
import { useScene } from './editor-context';
import type { EditorStore } from './editor-store';

/**
 * Versions that the API brings while the draft is open: a draft with changes is told, one without moves on with the
 * server's, which is opened by `onReload`.
 */
export function useArrivals(onReload: () => void): void {
  const { store, pipeline } = useScene();
  const reload = useRef(onReload);
  reload.current = onReload;
  useEffect(() => {
    const stop = followFeed({
      onRows: ({ pipelines }) => {
        const row = pipelines.find((one) => one.id === pipeline.id);
        if (!row) return;
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
  }, [store, pipeline.id]);
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
