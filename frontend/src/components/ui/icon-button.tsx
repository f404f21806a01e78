import type { ComponentPropsWithRef } from 'react';
import styles from './icon-button.module.css';

interface Props extends Omit<ComponentPropsWithRef<'button'>, 'className' | 'type'> {
  'aria-label': string;
  /** `field`: as high as a text field, to stand beside one. */
  size?: 'field';
}

/** A button that shows only a picture; its name is for screen readers and, as `title`, for the mouse. */
export function IconButton({ size, ...button }: Props) {
  return (
    <button {...button} type="button" className={size ? `${styles.button} ${styles[size]}` : styles.button} />
  );
}
