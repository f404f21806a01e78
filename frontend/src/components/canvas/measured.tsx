import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import styles from './canvas.module.css';
import type { Size } from './viewport';

/** Draws its content once its own size is known, before the browser paints: so nothing is drawn twice. */
export function Measured({ children }: { children(size: Size): ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  useLayoutEffect(() => {
    const found = box.current?.getBoundingClientRect();
    setSize({ width: found?.width ?? 0, height: found?.height ?? 0 });
  }, []);
  return (
    <div ref={box} className={styles.measured}>
      {size ? children(size) : null}
    </div>
  );
}
