import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useReactFlow } from '@xyflow/react';
import { FileJson, LayoutTemplate, Plus } from 'lucide-react';
import { useNarrow } from '@/lib/use-narrow';
import type { EditorCommands } from './commands';
import { useScene } from './editor-context';
import styles from './empty-canvas.module.css';
import type { QuickAddAt } from './quick-add';

interface Props {
  commands: EditorCommands;
  onQuickAdd(at: QuickAddAt): void;
  /** Opens the text of the definition, to paste one. */
  onJson(): void;
}

/** What an empty pipeline says: the ways to begin. */
export function EmptyCanvas({ onQuickAdd, onJson }: Props) {
  const { readOnly, pipeline } = useScene();
  const flow = useReactFlow();
  const narrow = useNarrow();
  if (readOnly) return <div className={styles.empty}>This pipeline has no steps yet.</div>;
  return (
    <div className={styles.empty}>
      <h2>Start with a step</h2>
      <p>
        {narrow
          ? 'Add one here, or take a template. A larger window also has room for the settings of steps.'
          : 'Drag one from the left, drop a file with your data, or press A and type a step’s name.'}
      </p>
      <div className={styles.ways}>
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
        <Button
          renderRoot={(props) => <Link to="/templates" search={{ into: pipeline.id }} {...props} />}
          leftSection={<LayoutTemplate size={15} aria-hidden="true" />}
        >
          Start from template
        </Button>
        <Button leftSection={<FileJson size={15} aria-hidden="true" />} onClick={onJson}>
          Import JSON
        </Button>
      </div>
    </div>
  );
}
