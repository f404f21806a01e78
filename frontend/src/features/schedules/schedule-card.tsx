import { Switch } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Pencil, Trash2 } from 'lucide-react';
import type { Schedule } from '@/api/types';
import { Chip } from '@/components/ui/chip';
import { ExecutionStatusChip } from '@/components/ui/execution-status';
import { IconButton } from '@/components/ui/icon-button';
import { formatAbsolute, formatAgo } from '@/lib/format';
import { FireTimes } from './fire-times';
import styles from './schedules.module.css';

interface Props {
  schedule: Schedule;
  mayChange: boolean;
  busy: boolean;
  onPause(enabled: boolean): void;
  onEdit(): void;
  onDelete(): void;
}

/** One schedule: when in words, the next five times, and how the last one went. */
export function ScheduleCard({ schedule, mayChange, busy, onPause, onEdit, onDelete }: Props) {
  const { name, last } = schedule;
  return (
    <li className={styles.card} aria-label={name}>
      <header className={styles.head}>
        <h2>{name}</h2>
        {schedule.alias ? <Chip>{schedule.alias}</Chip> : <Chip>newest version</Chip>}
        <span className={styles.space} />
        <Switch
          size="sm"
          label={schedule.enabled ? 'On' : 'Paused'}
          aria-label={`Run ${name} by the clock`}
          checked={schedule.enabled}
          disabled={!mayChange || busy}
          onChange={(event) => onPause(event.currentTarget.checked)}
        />
        {mayChange ? (
          <>
            <IconButton aria-label={`Edit ${name}`} title={`Edit ${name}`} onClick={onEdit}>
              <Pencil size={15} aria-hidden="true" />
            </IconButton>
            <IconButton aria-label={`Delete ${name}`} title={`Delete ${name}`} onClick={onDelete}>
              <Trash2 size={15} aria-hidden="true" />
            </IconButton>
          </>
        ) : null}
      </header>
      <p className={styles.words}>
        {schedule.words}, <span className={styles.quiet}>{schedule.zone}</span>{' '}
        <code className={styles.code}>{schedule.expression}</code>
      </p>
      <div className={styles.columns}>
        <section>
          <h3>Next</h3>
          {schedule.enabled ? (
            <FireTimes times={schedule.next_fires} zone={schedule.zone} />
          ) : (
            <p className={styles.quiet}>Paused. Times that pass meanwhile are not made up for.</p>
          )}
        </section>
        <section>
          <h3>Last</h3>
          {last ? <LastResult last={last} /> : <p className={styles.quiet}>It has not fired yet.</p>}
        </section>
        <section>
          <h3>Starts</h3>
          <p className={styles.quiet}>as {schedule.owner || 'nobody: who made it is gone'}</p>
          <dl className={styles.values}>
            {Object.entries(schedule.parameters).map(([parameter, value]) => (
              <div key={parameter}>
                <dt>{parameter}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </li>
  );
}

function LastResult({ last }: { last: NonNullable<Schedule['last']> }) {
  return (
    <>
      <p className={styles.result}>
        {last.execution ? (
          <Link to="/executions/$id" params={{ id: last.execution.id }} className="in-text">
            <ExecutionStatusChip status={last.execution.status} />
          </Link>
        ) : (
          <Chip tone="warn">{last.outcome === 'refused' ? 'Not started' : 'Started, since deleted'}</Chip>
        )}
        <small title={formatAbsolute(last.due)}>{formatAgo(last.due)}</small>
      </p>
      {last.note ? <p className={styles.quiet}>{last.note}</p> : null}
    </>
  );
}
