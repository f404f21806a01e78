import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { changeImage, imagesQuery } from '@/api/images';
import { pipelineKeys } from '@/api/pipelines';
import type { ImageChange, ImageRow } from '@/api/types';
import { AfterDelay } from '@/components/ui/after-delay';
import { ErrorMessage } from '@/components/ui/message';
import { DeleteImageDialog } from './delete-image-dialog';
import { ImageDialog } from './image-dialog';
import { ImageLine } from './image-line';
import styles from './image-table.module.css';
import page from './settings-page.module.css';

type Opened = { kind: 'edit'; image: ImageRow | null } | { kind: 'delete'; image: ImageRow };

/** Which images steps may name, and what they run as here. */
export function ImageTable({ mayChange }: { mayChange: boolean }) {
  const client = useQueryClient();
  const images = useQuery(imagesQuery());
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  /** Each change can mend or break drafts, so their counts of problems are read again too. */
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: imagesQuery().queryKey }),
      client.invalidateQueries({ queryKey: pipelineKeys.all }),
    ]);
  const change = useMutation({
    mutationFn: ({ id, ...changes }: Partial<ImageChange> & { id: string }) => changeImage(id, changes),
    onSettled: refresh,
  });
  const saved = async () => {
    await refresh();
    close();
  };
  if (images.isError && !images.data) {
    return (
      <ErrorMessage error={images.error} what="The table of images" onRetry={() => void images.refetch()} />
    );
  }
  const rows = images.data ?? [];
  const own = rows.filter((image) => !image.built_in);
  return (
    <>
      <p className={styles.help}>
        Steps name the image their code runs in. This table says what each image runs as here. It is read from
        top to bottom and the first line that fits counts; an image that no line fits is refused.
      </p>
      {images.isPending ? (
        <AfterDelay>
          <div role="status" aria-label="Loading images">
            <Skeleton height={160} radius={4} />
          </div>
        </AfterDelay>
      ) : null}
      {images.isSuccess && own.length === 0 ? (
        <p className={styles.empty}>
          No lines of your own yet.{' '}
          {rows.length > 0 ? 'The built-in lines below fit the usual AWS images.' : 'No image can run here.'}
        </p>
      ) : null}
      {rows.length > 0 ? (
        <table className={styles.table}>
          <thead>
            <tr>
              <th>Image</th>
              <th>Runs as</th>
              <th>State</th>
              {mayChange ? <th aria-label="Actions" /> : null}
            </tr>
          </thead>
          <tbody>
            {rows.map((image) => (
              <ImageLine
                key={image.id ?? image.pattern}
                image={image}
                above={own[own.indexOf(image) - 1]}
                mayChange={mayChange}
                busy={change.isPending}
                onChange={(changes) => image.id && change.mutate({ id: image.id, ...changes })}
                onEdit={() => setOpened({ kind: 'edit', image })}
                onDelete={() => setOpened({ kind: 'delete', image })}
              />
            ))}
          </tbody>
        </table>
      ) : null}
      {change.isError ? (
        <p className={page.error} role="alert">
          {change.error.message}
        </p>
      ) : null}
      {mayChange ? (
        <Button
          mt={12}
          leftSection={<Plus size={15} aria-hidden="true" />}
          disabled={!images.isSuccess}
          onClick={() => setOpened({ kind: 'edit', image: null })}
        >
          Add image
        </Button>
      ) : (
        <p className={page.note}>Admins of the workspace can change this table.</p>
      )}
      {opened?.kind === 'edit' ? <ImageDialog image={opened.image} onSaved={saved} onClose={close} /> : null}
      {opened?.kind === 'delete' ? (
        <DeleteImageDialog image={opened.image} onDeleted={saved} onClose={close} />
      ) : null}
    </>
  );
}
