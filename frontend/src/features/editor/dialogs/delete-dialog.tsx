import { Button, Modal } from '@mantine/core';
import type { Edge } from '@/pipeline/graph';
import styles from './dialogs.module.css';

interface Props {
  steps: readonly string[];
  /** Wires from the steps to others that stay. */
  uses: readonly Edge[];
  onConfirm(): void;
  onClose(): void;
}

/** Before steps go that others use: which places will lose their source. */
export function DeleteDialog({ steps, uses, onConfirm, onClose }: Props) {
  const what = steps.length === 1 ? steps[0] : `${steps.length} steps`;
  return (
    <Modal opened onClose={onClose} title={`Delete ${what}?`}>
      <p className={styles.lead}>
        Other steps use {steps.length === 1 ? 'it' : 'them'}. These places will be empty and show as problems:
      </p>
      <ul className={styles.list}>
        {uses.map((edge) => (
          <li key={edge.id}>
            <b>{edge.target}</b>
            <span>
              {edge.kind === 'data'
                ? `takes ${edge.label || edge.path} from ${edge.source}`
                : `runs after ${edge.source}`}
            </span>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" color="red" data-autofocus onClick={onConfirm}>
          Delete
        </Button>
      </div>
    </Modal>
  );
}
