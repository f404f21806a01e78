import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createPipeline, pipelineKeys } from '@/api/pipelines';
import styles from './dialogs.module.css';

const NAME = /^[A-Za-z0-9](-*[A-Za-z0-9]){0,255}$/;

/** A name, and an empty canvas. */
export function NewPipelineDialog({ onClose }: { onClose(): void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const problem = name === '' || NAME.test(name) ? null : 'Letters, digits and single hyphens between them.';
  const create = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const made = await createPipeline({ name, description });
      await client.invalidateQueries({ queryKey: pipelineKeys.all });
      await navigate({ to: '/pipelines/$id', params: { id: made.id } });
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
          if (name && !problem) void create();
        }}
      >
        <TextInput
          label="Name"
          placeholder="customer-churn"
          data-autofocus
          required
          value={name}
          error={problem ?? failure}
          onChange={(event) => setName(event.currentTarget.value)}
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
          <Button type="submit" variant="filled" loading={busy} disabled={name === '' || problem !== null}>
            Create
          </Button>
        </div>
      </form>
    </Modal>
  );
}
