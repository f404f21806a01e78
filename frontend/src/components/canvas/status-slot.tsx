import { useEffect, useState } from 'react';
import { statusName, statusTone } from '@/execution/status';
import { formatDuration } from '@/lib/format';
import { StatusIcon } from '../status/status-icon';
import type { NodeStatus } from './sources';
import styles from './step-node.module.css';

/** Icon over a few words, at the right of a node. */
export function StatusSlot({ status }: { status: NodeStatus }) {
  const word = statusName(status.kind).toLowerCase();
  return (
    <span className={styles.status} style={{ color: `var(--${statusTone(status.kind)})` }}>
      <StatusIcon kind={status.kind} size={17} />
      <span>
        <span className="visually-hidden">{word} </span>
        {status.since == null ? (
          <span aria-hidden={status.text === word}>{status.text}</span>
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
