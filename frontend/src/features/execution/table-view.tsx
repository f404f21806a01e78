import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import { ChipButton } from '@/components/ui/chip';
import { type StatusKind, statusName, stepKind } from '@/execution/status';
import { isActiveStep, type StepRow, stepKey } from '@/execution/types';
import { useServerNow, useSteps } from './live';
import { usePlace } from './location';
import { TableRow } from './table-row';
import styles from './table-view.module.css';

const ROW = 40;
/** Up to this many rows are all drawn, so the browser's own search finds them. */
const ALL = 200;

/** Every step as a row: the whole run at a glance, readable on a phone and by a screen reader. */
export function TableView() {
  const steps = useSteps();
  const [only, setOnly] = useState<StatusKind | null>(null);
  const { place, go } = usePlace();
  const now = useServerNow(steps.some((row) => isActiveStep(row.status)));
  const counts = useMemo(() => countKinds(steps), [steps]);
  const rows = only === null ? steps : steps.filter((row) => stepKind(row) === only);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const all = rows.length <= ALL;
  const items = all ? [] : virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = all ? 0 : virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const drawn = all ? rows : items.flatMap((item) => rows[item.index] ?? []);
  return (
    <section className={styles.view} aria-label="Steps">
      <div className={styles.filters}>
        {[...counts].map(([kind, count]) => (
          <ChipButton
            key={kind}
            tone={only === kind ? 'brand' : 'plain'}
            aria-pressed={only === kind}
            onClick={() => setOnly(only === kind ? null : kind)}
          >
            {statusName(kind)} {count}
          </ChipButton>
        ))}
      </div>
      <div ref={scroller} className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Status</th>
              <th scope="col" className={styles.wide}>
                Type
              </th>
              <th scope="col" className={styles.wide}>
                Started
              </th>
              <th scope="col" className={styles.number}>
                Duration
              </th>
              <th scope="col" className={`${styles.number} ${styles.wide}`}>
                Attempts
              </th>
              <th scope="col" className={styles.wide}>
                Result
              </th>
            </tr>
          </thead>
          <tbody>
            {before > 0 ? <tr style={{ height: before }} /> : null}
            {drawn.map((row) => {
              const key = stepKey(row.name, row.iteration);
              return (
                <TableRow
                  key={key}
                  row={row}
                  now={now}
                  selected={place.step === key}
                  onSelect={() => go({ step: key })}
                />
              );
            })}
            {after > 0 ? <tr style={{ height: after }} /> : null}
          </tbody>
        </table>
        {rows.length === 0 && only !== null ? (
          <p className={styles.empty}>
            No step is {statusName(only).toLowerCase()} now.{' '}
            <button type="button" onClick={() => setOnly(null)}>
              Show all
            </button>
          </p>
        ) : null}
      </div>
    </section>
  );
}

function countKinds(steps: readonly StepRow[]): Map<StatusKind, number> {
  const counts = new Map<StatusKind, number>();
  for (const row of steps) counts.set(stepKind(row), (counts.get(stepKind(row)) ?? 0) + 1);
  return counts;
}
