import { useMemo } from 'react';
import { seriesOf } from '@/execution/metrics';
import { type StepRow, stepKey } from '@/execution/types';
import { curve } from './line-chart';
import { useHistory } from './live';
import styles from './spark-line.module.css';

const TOKENS = ['var(--run)', 'var(--model)'];

/** The first two metrics as small curves, so a drawer shows at a glance whether a step gets anywhere. */
export function SparkLine({ row }: { row: StepRow }) {
  const history = useHistory();
  const curves = useMemo(
    () =>
      [...seriesOf(history, stepKey(row.name, row.iteration), row.attempt).entries()]
        .filter(([, points]) => points.length > 2)
        .slice(0, TOKENS.length),
    [history, row.name, row.iteration, row.attempt],
  );
  if (curves.length === 0) return null;
  return (
    <svg className={styles.spark} viewBox="0 0 108 32" aria-hidden="true">
      {curves.map(([name, points], index) => (
        <path key={name} d={curve(points, 108, 32, 3)} stroke={TOKENS[index]} />
      ))}
    </svg>
  );
}
