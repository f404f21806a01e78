import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useNarrow, usePlace } from './location';
import styles from './timeline.module.css';
import { TimelineLane } from './timeline-lane';
import type { TimelineData } from './use-spans';

const LANE_HEIGHT = 26;
const LANE_HEIGHT_PHONE = 36;

/** The lanes of a timeline; only those in view are drawn. */
export function Lanes({ data, height }: { data: TimelineData; height: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const { place, go } = usePlace();
  const narrow = useNarrow();
  const virtual = useVirtualizer({
    count: data.lanes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? LANE_HEIGHT_PHONE : LANE_HEIGHT),
    overscan: 8,
  });
  return (
    <div ref={scroller} className={styles.lanes} style={{ height }}>
      {data.lanes.length === 0 ? <p className={styles.empty}>Nothing has started yet.</p> : null}
      <div style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const lane = data.lanes[item.index];
          return lane ? (
            <div
              key={lane.key}
              style={{
                position: 'absolute',
                top: 0,
                right: 0,
                left: 0,
                transform: `translateY(${item.start}px)`,
              }}
            >
              <TimelineLane
                lane={lane}
                scale={data}
                selected={place.step === lane.key}
                critical={data.critical.has(lane.key)}
                onSelect={(step) => go({ step: place.step === step ? null : step })}
              />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
