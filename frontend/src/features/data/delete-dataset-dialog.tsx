import { Button, Modal } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type Dataset, datasetKeys, deleteDataset } from '@/api/datasets';
import styles from './dataset-page.module.css';

/** What goes and who misses it, before it is gone. */
export function DeleteDatasetDialog({ dataset, onClose }: { dataset: Dataset; onClose(): void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const drop = useMutation({
    mutationFn: () => deleteDataset(dataset.id),
    onSuccess: async () => {
      await navigate({ to: '/data' });
      client.removeQueries({ queryKey: datasetKeys.one(dataset.id) });
      await client.invalidateQueries({ queryKey: datasetKeys.all });
    },
  });
  const versions = dataset.versions.length === 1 ? 'its file' : `all ${dataset.versions.length} versions`;
  return (
    <Modal opened onClose={onClose} title={`Delete ${dataset.name}?`}>
      <div className={styles.form}>
        <p className={styles.quiet}>The dataset goes with {versions}. This cannot be undone.</p>
        {dataset.used_by.length > 0 ? (
          <p className={styles.error}>
            {dataset.used_by.map((one) => one.name).join(', ')}{' '}
            {dataset.used_by.length === 1 ? 'reads' : 'read'} it and will find nothing.
          </p>
        ) : null}
        {drop.isError ? (
          <p className={styles.error} role="alert">
            {drop.error.message}
          </p>
        ) : null}
        <div className={styles.actions}>
          <Button onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button variant="filled" color="red" loading={drop.isPending} onClick={() => drop.mutate()}>
            Delete
          </Button>
        </div>
      </div>
    </Modal>
  );
}
