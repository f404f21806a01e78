import type { ReactNode } from 'react';
import styles from './page.module.css';

/** Top bar above, the rest fills the window. */
export function Page({ bar, children }: { bar: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.page}>
      {bar}
      <main className={styles.main}>{children}</main>
    </div>
  );
}
