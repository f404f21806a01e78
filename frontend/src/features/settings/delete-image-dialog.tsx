import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { deleteImage } from '@/api/images';
import type { ImageRow } from '@/api/types';
import styles from './image-table.module.css';
import page from './settings-page.module.css';

interface Props {
  image: ImageRow;
  onDeleted(): Promise<void>;
  onClose(): void;
}

/** What goes and what stays, before a line of the table is gone. */
export function DeleteImageDialog({ image, onDeleted, onClose }: Props) {
  const drop = useMutation({ mutationFn: () => deleteImage(image.id ?? ''), onSuccess: onDeleted });
  return (
    <Modal opened onClose={onClose} title={`Delete ${image.title}?`}>
      <p className={styles.help}>
        Pipelines that name an image only this line fits will show a problem. Executions that began with it
        keep it.
      </p>
      {drop.isError ? (
        <p className={page.error} role="alert">
          {drop.error.message}
        </p>
      ) : null}
      <div className={styles.buttons}>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          variant="filled"
          color="red"
          data-autofocus
          loading={drop.isPending}
          onClick={() => drop.mutate()}
        >
          Delete
        </Button>
      </div>
    </Modal>
  );
}
