import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { restoreVersion, versionQuery } from '@/api/pipelines';
import { useScene } from '../editor-context';
import styles from './dialogs.module.css';
import { Differences } from './differences';

interface Props {
  version: number;
  /** Open what the server has now. */
  onTaken(): void;
  onClose(): void;
}

/** Somebody's script published while this draft had changes: compare, take theirs, or keep what is here. */
export function ArrivedDialog({ version, onTaken, onClose }: Props) {
  const { pipeline, store, readOnly } = useScene();
  const theirs = useQuery(versionQuery(pipeline.id, version));
  const take = useMutation({
    mutationFn: async () => {
      await store.getState().flush();
      await restoreVersion(pipeline.id, version, store.getState().revision());
    },
    onSuccess: onTaken,
  });
  return (
    <Modal opened onClose={onClose} title={`v${version} arrived from the API`}>
      <p className={styles.lead}>
        Your draft has changes that are in no version, so it was kept. Schedules and the API run v{version},
        and Run here runs your draft. Publishing makes your draft the version after it.
      </p>
      {theirs.isPending ? <Skeleton height={80} /> : null}
      {theirs.data ? <Differences theirs={theirs.data.definition} /> : null}
      {theirs.error || take.error ? (
        <p className={styles.error} role="alert">
          {(theirs.error ?? take.error)?.message}
        </p>
      ) : null}
      <div className={styles.actions}>
        <Button onClick={onClose}>Keep mine</Button>
        {readOnly ? null : (
          <Button variant="filled" loading={take.isPending} onClick={() => take.mutate()}>
            Take v{version}
          </Button>
        )}
      </div>
    </Modal>
  );
}
