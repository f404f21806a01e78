import { Button, FileButton } from '@mantine/core';
import { Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import styles from './field.module.css';
import { useStepForm } from './form-context';

interface Props {
  /** What the button says. */
  words: string;
  /** Stores the file and gives its address. */
  store(file: File): Promise<string>;
  onStored(address: string): void;
  accept?: string;
  /** What is taken, in words. */
  hint?: string;
}

/** Takes a file from this computer; says what went wrong when it cannot be stored. */
export function UploadButton({ words, store, onStored, accept, hint }: Props) {
  const { readOnly } = useStepForm();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const reset = useRef<() => void>(null);
  const take = async (file: File | null) => {
    if (!file) return;
    setBusy(true);
    setFailure(null);
    try {
      onStored(await store(file));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
      reset.current?.();
    }
  };
  return (
    <>
      <FileButton resetRef={reset} onChange={(file) => void take(file)} {...(accept ? { accept } : {})}>
        {(props) => (
          <Button
            {...props}
            {...(hint ? { title: hint } : {})}
            variant="default"
            loading={busy}
            disabled={readOnly}
            leftSection={<Upload size={15} aria-hidden="true" />}
            data-aside
          >
            {words}
          </Button>
        )}
      </FileButton>
      {failure ? (
        <p className={styles.error} role="alert">
          {failure}
        </p>
      ) : null}
    </>
  );
}
