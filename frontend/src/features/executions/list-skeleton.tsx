import { Skeleton } from '@mantine/core';
import { AfterDelay } from '@/components/ui/after-delay';
import styles from './execution-table.module.css';

const ROWS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** The shape of the list while it loads. */
export function ListSkeleton() {
  return (
    <AfterDelay>
      <div className={styles.card} role="status" aria-label="Loading executions">
        {ROWS.map((row) => (
          <div key={row} className={styles.ghost}>
            <Skeleton height={12} width={96} />
            <Skeleton height={12} width={180} />
            <Skeleton height={12} width={64} />
          </div>
        ))}
      </div>
    </AfterDelay>
  );
}
