import { Button, Modal, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { changeImage, createImage } from '@/api/images';
import type { ImageRow } from '@/api/types';
import { RUNTIMES } from './image-runtimes';
import styles from './image-table.module.css';
import page from './settings-page.module.css';

interface Props {
  /** The line to change; null makes a new one. */
  image: ImageRow | null;
  onSaved(): Promise<void>;
  onClose(): void;
}

type Runtime = ImageRow['runtime'];

/** A line of the table of images. What the server refuses is said below the fields, and nothing typed is lost. */
export function ImageDialog({ image, onSaved, onClose }: Props) {
  const [pattern, setPattern] = useState(image?.pattern ?? '');
  const [title, setTitle] = useState(image && image.title !== image.pattern ? image.title : '');
  const [runtime, setRuntime] = useState<Runtime>(image?.runtime ?? 'python');
  const [container, setContainer] = useState(image?.container ?? '');
  const [modules, setModules] = useState(image?.requires.join(', ') ?? '');
  const save = useMutation({
    mutationFn: () => {
      const line = {
        pattern: pattern.trim(),
        title: title.trim(),
        runtime,
        container: container.trim(),
        requires: modules.split(/[\s,]+/).filter((name) => name !== ''),
      };
      return image?.id ? changeImage(image.id, line) : createImage(line);
    },
    onSuccess: onSaved,
  });
  const needsContainer = runtime === 'container';
  return (
    <Modal opened onClose={onClose} title={image ? 'Edit image' : 'Add image'}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label="Image"
          description="The address as steps name it. * stands for any characters."
          placeholder="registry.example.com/team/churn:*"
          data-autofocus
          required
          maxLength={512}
          value={pattern}
          onChange={(event) => setPattern(event.currentTarget.value)}
        />
        <TextInput
          label="Title"
          description="What people see; the address when left empty."
          maxLength={128}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Select
          label="Runs as"
          description={RUNTIMES[runtime].help}
          allowDeselect={false}
          data={Object.entries(RUNTIMES).map(([value, words]) => ({ value, label: words.title }))}
          value={runtime}
          onChange={(chosen) => setRuntime((chosen as Runtime | null) ?? runtime)}
        />
        <TextInput
          label="Container"
          description={
            needsContainer
              ? 'The local image that Docker starts.'
              : 'The local image that Docker starts; the default one when left empty.'
          }
          placeholder="churn:latest"
          required={needsContainer}
          maxLength={512}
          value={container}
          onChange={(event) => setContainer(event.currentTarget.value)}
        />
        <TextInput
          label="Python modules it counts on"
          description="With commas between them. A step says which one is missing before its script starts."
          placeholder="torch, lightgbm"
          value={modules}
          onChange={(event) => setModules(event.currentTarget.value)}
        />
        {save.isError ? (
          <p className={page.error} role="alert">
            {save.error.message}
          </p>
        ) : null}
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {image ? 'Save' : 'Add'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
