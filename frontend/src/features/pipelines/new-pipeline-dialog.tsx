import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createPipeline, pipelineKeys } from '@/api/pipelines';
import { isPipelineName, pipelineName } from '@/pipeline/names';
import styles from './dialogs.module.css';

const LONGEST = 256;

/** A name, and an empty canvas. Any words do: where SageMaker would not take them, scripts get a name made of them. */
export function NewPipelineDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const title = name.trim();
  const plain = title === '' || isPipelineName(title);
  const made = pipelineName(title);
  const create = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const fallback = `pipeline-${Date.now().toString(36)}`;
      const names = plain ? { name: title } : { name: made || fallback, display_name: title };
      const pipeline = await createPipeline({ ...names, description });
      await client.invalidateQueries({ queryKey: pipelineKeys.all });
      await navigate({ to: '/pipelines/$id', params: { id: pipeline.id } });
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title="New pipeline">
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (title) void create();
        }}
      >
        <TextInput
          label="Name"
          placeholder="Customer churn"
          {...(plain || made === '' ? {} : { description: `Scripts call it ${made}.` })}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={LONGEST}
          data-autofocus
          required
          value={name}
          error={failure}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setFailure(null);
          }}
        />
        <Textarea
          label="What it is for"
          autosize
          minRows={2}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={busy} disabled={title === ''}>
            Create
          </Button>
        </div>
      </form>
    </Modal>
  );
}
