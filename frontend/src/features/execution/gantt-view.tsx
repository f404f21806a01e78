import { statusName, statusTone, stepKind } from '@/execution/status';
import { formatDuration } from '@/lib/format';
import { Lanes } from './lanes';
import { useNarrow } from './location';
import styles from './timeline.module.css';
import { useTimeline } from './use-spans';
import viewStyles from './view.module.css';

const STEPS = [
  0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400,
];
const MOST_TICKS = 8;

/** Every step and attempt on one time axis. */
export function GanttView() {
  const data = useTimeline();
  const narrow = useNarrow();
  const seconds = (data.to - data.from) / 1000;
  const asks = data.lanes.some(({ row }) => stepKind(row) === 'person');
  return (
    <section className={viewStyles.column} aria-label="Timeline">
      <div className={styles.legend}>
        <span>
          <i className={styles.queued} /> Queued
        </span>
        <span>
          <i className={styles.starting} /> Starting
        </span>
        <span>
          <i style={{ background: 'var(--run)' }} /> Running
        </span>
        {asks ? (
          <span>
            <i style={{ background: `var(--${statusTone('person')})` }} /> {statusName('person')}
          </span>
        ) : null}
        <span>
          <i style={{ background: 'var(--ok)' }} /> Succeeded
        </span>
        <span>
          <i style={{ background: 'var(--bad)' }} /> Failed
        </span>
        <span>
          <b>Bold</b> Critical path, {formatDuration(data.criticalSeconds)}
        </span>
      </div>
      <div className={styles.axis} aria-hidden="true">
        {ticks(seconds, narrow ? 4 : MOST_TICKS).map((tick) => (
          <span key={tick} style={{ left: `${(tick * 100) / seconds}%` }}>
            {tick === 0 ? '0' : seconds < 10 ? `${tick} s` : formatDuration(tick, 'clock')}
          </span>
        ))}
      </div>
      <Lanes data={data} height="100%" />
    </section>
  );
}

/** Round numbers of seconds from 0 to `seconds`, few enough to read. */
export function ticks(seconds: number, most = MOST_TICKS): number[] {
  const step = STEPS.find((candidate) => seconds / candidate <= most) ?? seconds / most;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) =>
    Number((index * step).toFixed(3)),
  );
}
