import { Button, FileButton, Modal, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { createPipeline, pipelineKeys } from '@/api/pipelines';
import { ApiError } from '@/api/problem-error';
import { parameters, stepEntries } from '@/pipeline/definition';
import { isObject } from '@/pipeline/json';
import { plainLetters } from '@/pipeline/names';
import { parseText } from '@/pipeline/text';
import styles from './dialogs.module.css';

interface Props {
  /** A file that was dropped on the page. */
  file: File | null;
  onClose(): void;
}

/** A SageMaker definition as a file or pasted text: shown for what it holds, then made a new pipeline. */
export function ImportDialog({ file, onClose }: Props) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  const take = async (chosen: File) => {
    setText(await chosen.text());
    setName((current) => current || nameFromFile(chosen.name));
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dropped file is read once
  useEffect(() => {
    if (file) void take(file);
  }, [file]);
  const found = useMemo(() => (text.trim() ? parseText(text) : null), [text]);
  const problem =
    found === null
      ? null
      : found.ok
        ? isObject(found.value)
          ? null
          : 'A definition is a JSON object with Version, Parameters and Steps.'
        : `Line ${found.problem.line}, column ${found.problem.column}: ${found.problem.message}`;
  const create = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const made = await createPipeline({ name, definition: text });
      await client.invalidateQueries({ queryKey: pipelineKeys.all });
      await navigate({ to: '/pipelines/$id', params: { id: made.id }, search: { dock: 'readiness' } });
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title="Import a definition" size="lg">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (found?.ok && !problem && name) void create();
        }}
      >
        <div className={styles.line}>
          <FileButton accept="application/json,.json" onChange={(chosen) => chosen && void take(chosen)}>
            {(props) => (
              <Button {...props} leftSection={<Upload size={15} aria-hidden="true" />}>
                Choose a file
              </Button>
            )}
          </FileButton>
          <span className={styles.quiet}>or paste the JSON below</span>
        </div>
        <Textarea
          label="Definition"
          classNames={{ input: styles.code }}
          rows={10}
          spellCheck={false}
          value={text}
          error={problem}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {found?.ok && !problem ? (
          <p className={styles.quiet}>
            {stepEntries(found.value).length} steps, {parameters(found.value).length} parameters. It becomes a
            new pipeline; nothing is replaced.
          </p>
        ) : null}
        <TextInput
          label="Name"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {failure ? <Refusal error={failure} /> : null}
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            variant="filled"
            loading={busy}
            disabled={!found?.ok || problem !== null || name === ''}
          >
            Import
          </Button>
        </div>
      </form>
    </Modal>
  );
}

/** Why the server did not take it, with the first problems it found. */
function Refusal({ error }: { error: unknown }) {
  const problems = error instanceof ApiError && Array.isArray(error.body.problems) ? error.body.problems : [];
  const messages = problems.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null && 'message' in entry ? [String(entry.message)] : [],
  );
  return (
    <div className={styles.error} role="alert">
      {error instanceof Error ? error.message : String(error)}
      <ul>
        {messages.slice(0, 5).map((message) => (
          <li key={message}>{message}</li>
        ))}
      </ul>
    </div>
  );
}

function nameFromFile(file: string): string {
  return plainLetters(file.replace(/\.json$/i, ''))
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
