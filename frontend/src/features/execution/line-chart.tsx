import { formatMetric, type MetricPoint } from '@/execution/metrics';
import styles from './line-chart.module.css';

const WIDTH = 388;
const HEIGHT = 96;
const INSET = 4;

interface Props {
  name: string;
  points: readonly MetricPoint[];
  latest: number | undefined;
}

/** One metric over time: its curve, lowest, highest and newest figure. */
export function LineChart({ name, points, latest }: Props) {
  const values = points.map((point) => point.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const newest = latest ?? values.at(-1);
  return (
    <figure className={styles.chart}>
      <figcaption>
        <span>{name}</span>
        <b>{newest === undefined ? '' : formatMetric(newest)}</b>
      </figcaption>
      {points.length > 1 ? (
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          role="img"
          aria-label={`${name}: ${points.length} values from ${formatMetric(low)} to ${formatMetric(high)}`}
        >
          <path
            className={styles.grid}
            d={`M0 ${INSET}H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT - INSET}H${WIDTH}`}
          />
          <path className={styles.line} d={curve(points, WIDTH, HEIGHT, INSET)} />
        </svg>
      ) : null}
      {points.length > 1 ? (
        <div className={styles.range}>
          <span>low {formatMetric(low)}</span>
          <span>{points.length} values</span>
          <span>high {formatMetric(high)}</span>
        </div>
      ) : null}
    </figure>
  );
}

/** The path of a curve that fills `width` by `height`; a flat curve runs through the middle. */
export function curve(points: readonly MetricPoint[], width: number, height: number, inset: number): string {
  const first = points[0]?.at ?? 0;
  const time = Math.max(1, (points.at(-1)?.at ?? 0) - first);
  const values = points.map((point) => point.value);
  const low = Math.min(...values);
  const range = Math.max(...values) - low;
  return points
    .map((point, index) => {
      const x = ((point.at - first) / time) * width;
      const share = range === 0 ? 0.5 : (point.value - low) / range;
      const y = height - inset - share * (height - 2 * inset);
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
