import { useEffect, useState } from 'react';
import { formatDuration } from '@/lib/format';
import type { NodeStatus } from './sources';
import { STATUS_LOOKS } from './status-look';
import styles from './step-node.module.css';

/** Icon over a few words, at the right of a node. */
export function StatusSlot({ status }: { status: NodeStatus }) {
  const look = STATUS_LOOKS[status.tone];
  const Icon = look.icon;
  return (
    <span className={styles.status} style={{ color: look.color }}>
      <Icon size={17} className={look.spins ? styles.spin : undefined} aria-hidden="true" />
      <span>
        <span className="visually-hidden">{look.word} </span>
        {status.since == null ? (
          <span aria-hidden={status.text === look.word}>{status.text}</span>
        ) : (
          <Elapsed since={status.since} />
        )}
      </span>
    </span>
  );
}

/** Time since `since`, counting by itself once a second. */
export function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <span aria-hidden="true">{formatDuration(Math.max(0, now - since) / 1000, 'clock')}</span>;
}
