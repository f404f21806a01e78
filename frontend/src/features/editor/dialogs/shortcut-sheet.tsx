import { Modal } from '@mantine/core';
import { Fragment } from 'react';
import { CANVAS_KEYS, keyWords, SHORTCUTS } from '../shortcuts';
import styles from './dialogs.module.css';

/** Every key, from the same table that answers them. */
export function ShortcutSheet({ onClose }: { onClose(): void }) {
  const mac = navigator.userAgent.includes('Mac');
  const rows = [
    ...SHORTCUTS.map((shortcut) => ({
      words: shortcut.words,
      keys: shortcut.keys.map((keys) => keyWords(keys, mac)),
    })),
    ...CANVAS_KEYS,
  ];
  return (
    <Modal opened onClose={onClose} title="Keys">
      <dl className={styles.keys}>
        {rows.map((row) => (
          <Fragment key={row.words}>
            <dt>{row.words}</dt>
            <dd>
              {row.keys.map((keys) => (
                <kbd key={keys}>{keys}</kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
