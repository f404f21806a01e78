import { ChevronDown, ChevronUp } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '@/lib/format';
import { readStored, writeStored } from '@/lib/stored';
import styles from './dock.module.css';
import { Lanes } from './lanes';
import { useTimeline } from './use-spans';

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

/** The timeline below the canvas; stays open or closed as it was left. */
export function Dock() {
  const [open, setOpen] = useState(() => readStored('execution-dock', isFlag) ?? true);
  const toggle = () => {
    writeStored('execution-dock', !open);
    setOpen(!open);
  };
  return (
    <section className={styles.dock} aria-label="Timeline">
      {open ? (
        <OpenDock onToggle={toggle} />
      ) : (
        <button type="button" className={styles.bar} aria-expanded={false} onClick={toggle}>
          Timeline
          <span className={styles.space} />
          <ChevronUp size={16} aria-hidden="true" />
        </button>
      )}
    </section>
  );
}

function OpenDock({ onToggle }: { onToggle: () => void }) {
  const data = useTimeline();
  const height = Math.min(6, Math.max(1, data.lanes.length)) * 26 + 20;
  return (
    <>
      <button type="button" className={styles.bar} aria-expanded onClick={onToggle}>
        <span className={styles.on}>Timeline</span>
        <span className={styles.space} />
        {data.critical.size > 0 ? (
          <span className={styles.fact}>critical path {formatDuration(data.criticalSeconds)}</span>
        ) : null}
        <ChevronDown size={16} aria-hidden="true" />
      </button>
      <Lanes data={data} height={`${height}px`} />
    </>
  );
}
