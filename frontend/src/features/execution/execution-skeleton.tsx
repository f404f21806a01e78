import { Skeleton } from '@mantine/core';
import { AfterDelay } from '@/components/ui/after-delay';
import styles from './execution-skeleton.module.css';

const BLOCKS = [
  [4, 40],
  [26, 22],
  [26, 58],
  [48, 40],
  [70, 40],
] as const;

/** The shape of a run while it is on its way. */
export function ExecutionSkeleton() {
  return (
    <AfterDelay>
      <div className={styles.frame} role="status" aria-label="Loading the execution">
        {BLOCKS.map(([left, top]) => (
          <div key={`${left} ${top}`} className={styles.block} style={{ left: `${left}%`, top: `${top}%` }}>
            <Skeleton height={64} radius={10} />
          </div>
        ))}
      </div>
    </AfterDelay>
  );
}
