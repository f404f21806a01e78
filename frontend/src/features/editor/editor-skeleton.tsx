import { Skeleton } from '@mantine/core';
import styles from './editor-skeleton.module.css';

/** The editor's own shape while it loads. */
export function EditorSkeleton() {
  return (
    <div className={styles.frame} role="status" aria-label="Loading the pipeline">
      <div className={styles.side}>
        {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
          <Skeleton key={key} height={34} radius={8} />
        ))}
      </div>
      <div className={styles.canvas}>
        {['a', 'b', 'c'].map((key) => (
          <Skeleton key={key} width={208} height={64} radius={10} />
        ))}
      </div>
      <div className={styles.side}>
        <Skeleton height={42} radius={8} />
        {['a', 'b', 'c', 'd'].map((key) => (
          <Skeleton key={key} height={52} radius={8} />
        ))}
      </div>
    </div>
  );
}
