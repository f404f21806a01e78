import type { ButtonHTMLAttributes, ReactNode } from 'react';
import styles from './chip.module.css';

export type ChipTone = 'plain' | 'brand' | 'run' | 'ok' | 'bad' | 'warn' | 'hand';

interface Props {
  tone?: ChipTone;
  icon?: ReactNode;
  children: ReactNode;
  title?: string;
}

/** A short fact: a state, a count, a source. */
export function Chip({ tone = 'plain', icon, children, title }: Props) {
  return (
    <span className={`${styles.chip} ${styles[tone]}`} title={title}>
      {icon}
      {children}
    </span>
  );
}

/** A chip that does something when pressed. */
export function ChipButton({
  tone = 'plain',
  icon,
  children,
  ...rest
}: Props & ButtonHTMLAttributes<HTMLButtonElement>) {
  return (
    <button type="button" {...rest} className={`${styles.chip} ${styles.button} ${styles[tone]}`}>
      {icon}
      {children}
    </button>
  );
}
