import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileCode2 } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { storeCode } from '@/api/pipelines';
import { stepCodeQuery } from '@/api/step-code';
import { turnIntoCode } from '@/pipeline/edit/turn-into-code';
import { useEditor, useScene } from '../editor-context';
import styles from './step-code.module.css';

const CodeEditor = lazy(async () => ({
  default: (await import('@/components/code/code-editor')).CodeEditor,
}));

/** The Python a ready-made step runs, to read, or to take over as a script of one's own. */
export function StepCode({ step }: { step: string }) {
  const { store, pipeline, readOnly } = useScene();
  const save = useEditor((state) => state.save);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const code = useQuery({
    ...stepCodeQuery(pipeline.id, step, store.getState().revision()),
    enabled: save.kind === 'saved',
  });
  const take = async () => {
    if (!code.data) return;
    setBusy(true);
    setFailure(null);
    try {
      const { file_name, text, arguments: words } = code.data;
      const { uri } = await storeCode(pipeline.id, file_name, text);
      store
        .getState()
        .run((documents) => turnIntoCode(documents, step, { file_name, arguments: words, uri }));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={styles.panel}>
      <p className={styles.note}>
        This is the Python the step runs, with its settings written in. It needs nothing of Clary and runs
        anywhere the libraries are.
      </p>
      {code.isError ? <p className={styles.error}>{code.error.message}</p> : null}
      {failure ? <p className={styles.error}>{failure}</p> : null}
      <div className={styles.code}>
        <Suspense fallback={null}>
          {code.data ? (
            <CodeEditor
              value={code.data.text}
              language="python"
              label={`Code of ${step}`}
              readOnly
              onChange={() => undefined}
            />
          ) : null}
        </Suspense>
      </div>
      {readOnly ? null : (
        <Button
          variant="default"
          leftSection={<FileCode2 size={15} aria-hidden="true" />}
          disabled={!code.data}
          loading={busy}
          onClick={() => void take()}
        >
          Turn into a code step
        </Button>
      )}
    </div>
  );
}
