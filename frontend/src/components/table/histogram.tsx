import type { Histogram as Bars } from '@/execution/summary';
import { cellText } from './cell-text';
import styles from './table.module.css';

const HEIGHT = 28;

/** How a column's values are spread, as bars; the tallest is as high as the picture. */
export function Histogram({ bars, label }: { bars: Bars; label: string }) {
  const most = Math.max(1, ...bars.counts);
  const width = 100 / bars.counts.length;
  return (
    <svg
      className={styles.histogram}
      viewBox={`0 0 100 ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.counts.map((count, index) => {
        const height = count === 0 ? 0 : Math.max(1, (count / most) * HEIGHT);
        const from = bars.edges[index] ?? null;
        return (
          <rect
            key={String(from)}
            x={index * width + width * 0.08}
            width={width * 0.84}
            y={HEIGHT - height}
            height={height}
          >
            <title>
              {cellText(from)} to {cellText(bars.edges[index + 1] ?? null)}: {count.toLocaleString('en-US')}
            </title>
          </rect>
        );
      })}
    </svg>
  );
}
