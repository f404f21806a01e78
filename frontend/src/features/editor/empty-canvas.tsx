import { Button } from '@mantine/core';
import { useReactFlow } from '@xyflow/react';
import { Plus } from 'lucide-react';
import type { EditorCommands } from './commands';
import { useScene } from './editor-context';
import styles from './empty-canvas.module.css';
import type { QuickAddAt } from './quick-add';

interface Props {
  commands: EditorCommands;
  onQuickAdd(at: QuickAddAt): void;
}

/** What an empty pipeline says: how to begin. */
export function EmptyCanvas({ onQuickAdd }: Props) {
  const { readOnly } = useScene();
  const flow = useReactFlow();
  if (readOnly) return <div className={styles.empty}>This pipeline has no steps yet.</div>;
  return (
    <div className={styles.empty}>
      <h2>Start with a step</h2>
      <p>Drag one from the left, or press Tab and type its name.</p>
      <Button
        leftSection={<Plus size={15} aria-hidden="true" />}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const client = { x: box.left, y: box.bottom + 6 };
          onQuickAdd({
            client,
            flow: flow.screenToFlowPosition({ x: box.left + box.width / 2, y: box.top }),
            wire: null,
          });
        }}
      >
        Add first step
      </Button>
    </div>
  );
}
