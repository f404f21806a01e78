import { Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type Choice, endings, wireChoices } from '@/pipeline/connect';
import { useScene, useView } from './editor-context';
import styles from './popup.module.css';

/** Wiring without a mouse: from the selected step to one of a list, then what the wire means. */
export function ConnectTo({ onClose }: { onClose(): void }) {
  const { store, catalog } = useScene();
  const view = useView();
  const [search, setSearch] = useState('');
  const [choices, setChoices] = useState<readonly Choice[] | null>(null);
  const source = store.getState().selected[0] ?? '';
  const outputs = useMemo(() => view.nodes.find((node) => node.id === source)?.outputs ?? [], [view, source]);
  const targets = useMemo(() => {
    const scene = { documents: store.getState().documents, graph: view.graph, catalog };
    return outputs.flatMap((port) => {
      const judge = endings(scene, { step: source, port: port.id });
      return view.graph.steps.filter((entry) => judge(entry).ok).map((entry) => ({ port, name: entry.name }));
    });
  }, [outputs, view, source, store, catalog]);
  const shown = targets.filter((target) => target.name.toLowerCase().includes(search.toLowerCase()));
  const choose = (port: string, target: string) => {
    const scene = { documents: store.getState().documents, graph: view.graph, catalog };
    setChoices(wireChoices(scene, { source, port, target }).choices);
  };
  return (
    <Modal opened onClose={onClose} title={`Connect ${source} to`} size="sm">
      {choices ? (
        choices.map((choice, index) => (
          <button
            key={choice.id}
            type="button"
            className={styles.option}
            data-autofocus={index === 0 || undefined}
            onClick={() => {
              store.getState().run(() => choice.make());
              onClose();
            }}
          >
            <span>{choice.title}</span>
            <small>{choice.detail}</small>
          </button>
        ))
      ) : (
        <>
          <input
            className={styles.input}
            data-autofocus
            aria-label="Search steps to connect to"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          {shown.map(({ port, name }) => (
            <button
              key={`${port.id} ${name}`}
              type="button"
              className={styles.option}
              onClick={() => choose(port.id, name)}
            >
              <span>{name}</span>
              <small>{port.label}</small>
            </button>
          ))}
          {shown.length === 0 ? <p className={styles.none}>No step can come after {source} here.</p> : null}
        </>
      )}
    </Modal>
  );
}
