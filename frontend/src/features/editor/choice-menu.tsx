import { useEffect, useRef } from 'react';
import type { Point } from '@/components/canvas/canvas';
import type { Choice } from '@/pipeline/connect';
import { Popup } from './popup';
import styles from './popup.module.css';

interface Props {
  choices: readonly Choice[];
  at: Point;
  onChoose(choice: Choice): void;
  onClose(): void;
}

/** What shall this wire be? Asked only when more than one answer is good. */
export function ChoiceMenu({ choices, at, onChoose, onClose }: Props) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  return (
    <Popup at={at} label="Connect as" onClose={onClose}>
      <h2 className={styles.title}>Connect as</h2>
      {choices.map((choice, index) => (
        <button
          key={choice.id}
          ref={index === 0 ? first : undefined}
          type="button"
          className={styles.option}
          onClick={() => onChoose(choice)}
        >
          <span>{choice.title}</span>
          <small>{choice.detail}</small>
        </button>
      ))}
    </Popup>
  );
}
