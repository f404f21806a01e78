import { Button, Modal, Textarea } from '@mantine/core';
import { useState } from 'react';
import { publishPipeline } from '@/api/pipelines';
import type { PipelineVersion } from '@/api/types';
import { useEditor, useScene } from '../editor-context';
import styles from './dialogs.module.css';

interface Props {
  onPublished(version: PipelineVersion): void;
  onClose(): void;
}

/** Makes the draft a version that never changes: what schedules and the API run. */
export function PublishDialog({ onPublished, onClose }: Props) {
  const { store, pipeline } = useScene();
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const errors = useEditor((state) => state.problems.filter((one) => one.severity === 'error').length);
  const publish = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await store.getState().flush();
      onPublished(await publishPipeline(pipeline.id, note.trim()));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title="Publish a version">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void publish();
        }}
      >
        <p className={styles.lead}>
          Schedules, triggers and API calls run the newest version. This draft stays yours to change.
        </p>
        <Textarea
          label="What changed"
          placeholder="Second model beside the first"
          autosize
          minRows={2}
          data-autofocus
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {errors > 0 ? (
          <p className={styles.error}>
            {errors === 1 ? 'One problem keeps' : `${errors} problems keep`} this version from running.
          </p>
        ) : null}
        {failure ? <p className={styles.error}>{failure}</p> : null}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={busy}>
            Publish
          </Button>
        </div>
      </form>
    </Modal>
  );
}
