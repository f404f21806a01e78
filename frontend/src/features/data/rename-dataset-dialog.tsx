import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeDataset, type Dataset, datasetKeys } from '@/api/datasets';
import { LONGEST_NAME } from '@/components/data/uploads';
import styles from './dataset-page.module.css';

export function RenameDatasetDialog({ dataset, onClose }: { dataset: Dataset; onClose(): void }) {
  const client = useQueryClient();
  const [name, setName] = useState(dataset.name);
  const [description, setDescription] = useState(dataset.description);
  const save = useMutation({
    mutationFn: () => changeDataset(dataset.id, { name, description }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: datasetKeys.all });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`Rename ${dataset.name}`}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label="Name"
          data-autofocus
          required
          maxLength={LONGEST_NAME}
          value={name}
          error={save.isError ? save.error.message : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="What it holds"
          maxLength={1024}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <p className={styles.quiet}>Its files stay where they are: pipelines that read it go on as before.</p>
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={save.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
