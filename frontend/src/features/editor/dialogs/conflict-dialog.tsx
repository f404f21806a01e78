import { Button, Modal } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createPipeline } from '@/api/pipelines';
import { ApiError } from '@/api/problem-error';
import { printText } from '@/pipeline/text';
import { useEditor, useScene } from '../editor-context';
import styles from './dialogs.module.css';
import { Differences } from './differences';

interface Props {
  error: unknown;
  /** Forget what is here and open what the server has. */
  onTakeTheirs(): void;
}

/** The server did not take the edits: somebody else was first, or they do not fit. Nothing is overwritten unasked. */
export function ConflictDialog({ error, onTakeTheirs }: Props) {
  const { pipeline } = useScene();
  const documents = useEditor((state) => state.documents);
  const navigate = useNavigate();
  const [review, setReview] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const api = error instanceof ApiError ? error : null;
  const stale = api?.code === 'stale-revision';
  const keepCopy = async () => {
    try {
      const copy = await createPipeline({
        name: `${pipeline.name}-copy-${Date.now().toString(36)}`,
        definition: printText(documents.definition, 2),
        layout: documents.layout,
      });
      onTakeTheirs();
      await navigate({ to: '/pipelines/$id', params: { id: copy.id } });
    } catch (problem) {
      setFailure(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      title={stale ? 'Someone else changed this pipeline' : 'Your last change was not accepted'}
    >
      <p className={styles.lead}>
        {stale
          ? 'Your newest changes are based on an older state. They are still here and nothing was overwritten.'
          : (api?.detail ?? String(error))}
      </p>
      {review ? <Differences theirs={definitionIn(api?.body.theirs)} /> : null}
      {failure ? <p className={styles.error}>{failure}</p> : null}
      <div className={styles.actions}>
        {stale ? (
          <Button onClick={() => setReview(!review)}>{review ? 'Hide review' : 'Review'}</Button>
        ) : null}
        <Button onClick={() => void keepCopy()}>Keep mine as a copy</Button>
        <Button variant="filled" onClick={onTakeTheirs}>
          Take theirs
        </Button>
      </div>
    </Modal>
  );
}

function definitionIn(state: unknown): string | null {
  const text = typeof state === 'object' && state !== null && 'definition' in state ? state.definition : null;
  return typeof text === 'string' ? text : null;
}
