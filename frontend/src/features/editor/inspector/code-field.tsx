import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { FileCode2 } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { objectTextQuery, storeCode, storeFile } from '@/api/pipelines';
import { type Field, hintOf } from '@/pipeline/form';
import { type Json, text } from '@/pipeline/json';
import { type Arrival, useScene } from '../editor-context';
import { lineRange, scriptName } from './code-name';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { shownText, storedText } from './fixed-value';
import { useStepForm } from './form-context';
import { UploadButton } from './upload-button';
import { ValueBox } from './value-box';

const CodeEditor = lazy(async () => ({
  default: (await import('@/components/code/code-editor')).CodeEditor,
}));

/** Links that have opened their line already: closing the dialog is not undone by looking at the step again. */
const ARRIVED = new WeakSet<Arrival>();

interface Props {
  field: Field;
  value: Json | undefined;
}

const NEW_SCRIPT =
  '"""What this step does."""\n\n\ndef main() -> None:\n    print("hello")\n\n\nif __name__ == "__main__":\n    main()\n';

/** The script a step runs: opened and written here, kept as an object that never changes, referenced by its address. */
export function CodeField({ field, value }: Props) {
  const form = useStepForm();
  const { pipeline, arrival } = useScene();
  const line = arrival?.step === form.entry.name ? arrival.line : null;
  const [open, setOpen] = useState(() => line !== null && !ARRIVED.has(arrival as Arrival));
  useEffect(() => {
    if (arrival) ARRIVED.add(arrival);
  }, [arrival]);
  const archive = text(field.schema['x-archive']);
  /** A script is kept under the name the step starts; an archive as it is, with all it holds. */
  const bringIn = async (file: File) => {
    const packed = archive !== undefined && /\.(tar\.gz|tgz)$/i.test(file.name);
    if (packed) return (await storeFile(pipeline.id, file, archive)).uri;
    return (await storeCode(pipeline.id, name, await file.text(), archive)).uri;
  };
  const address = shownText(value, field);
  const name = scriptName(form.entry.step);
  return (
    <FieldRow pointer={field.pointer} label={field.title} hint={hintOf(field)} help={field.help}>
      <div className={styles.list}>
        <ValueBox field={field} value={value} label="Address of the code" />
        <div className={styles.buttons}>
          <Button
            variant="default"
            leftSection={<FileCode2 size={15} aria-hidden="true" />}
            onClick={() => setOpen(true)}
          >
            {address ? `Edit ${name}` : `Write ${name}`}
          </Button>
          <UploadButton
            words="Upload a file"
            hint={
              archive
                ? `A script, or a tar.gz that holds ${name} and what it needs`
                : 'The script, under any name'
            }
            accept={archive ? '.py,.tar.gz,.tgz,application/gzip' : '.py'}
            store={bringIn}
            onStored={(uri) => form.write(field.pointer, storedText(uri, field))}
          />
        </div>
      </div>
      {open ? (
        <ScriptDialog
          field={field}
          address={address}
          name={name}
          line={line}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </FieldRow>
  );
}

interface DialogProps {
  field: Field;
  address: string;
  name: string;
  /** The line to show first. */
  line: number | null;
  onClose(): void;
}

function ScriptDialog({ field, address, name, line, onClose }: DialogProps) {
  const { pipeline } = useScene();
  const form = useStepForm();
  const archive = text(field.schema['x-archive']);
  const stored = useQuery(
    objectTextQuery(address.startsWith('s3://') ? address : '', archive ? name : undefined),
  );
  const [typed, setTyped] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const loading = address.startsWith('s3://') && stored.isPending;
  const shown = typed ?? stored.data?.text ?? (address && !stored.isError ? '' : NEW_SCRIPT);
  const reveal = useMemo(
    () => (line === null || !stored.data ? null : lineRange(stored.data.text, line)),
    [line, stored.data],
  );
  const save = async () => {
    setSaving(true);
    setFailure(null);
    try {
      const kept = await storeCode(pipeline.id, name, shown, archive);
      form.write(field.pointer, storedText(kept.uri, field));
      onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setSaving(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${name} · ${form.entry.name}`}
      size="xl"
      closeOnClickOutside={typed === null}
    >
      {stored.isError ? (
        <p className={styles.warning}>
          The code at {address} cannot be shown: {stored.error.message} What you write here replaces it.
        </p>
      ) : null}
      <div
        style={{
          height: '56vh',
          border: '1px solid var(--line-strong)',
          borderRadius: 'var(--radius-control)',
          overflow: 'hidden',
        }}
      >
        <Suspense fallback={null}>
          {loading ? null : (
            <CodeEditor
              value={shown}
              language="python"
              label={`Code of ${form.entry.name}`}
              readOnly={form.readOnly}
              reveal={reveal}
              onChange={setTyped}
            />
          )}
        </Suspense>
      </div>
      {failure ? <p className={styles.error}>{failure}</p> : null}
      <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8, marginTop: 12 }}>
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <Button
          variant="filled"
          loading={saving}
          disabled={form.readOnly || loading}
          onClick={() => void save()}
        >
          Keep code
        </Button>
      </div>
    </Modal>
  );
}
