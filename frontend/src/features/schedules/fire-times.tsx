import styles from './schedules.module.css';

/** Fire times as the schedule's zone shows them. */
export function FireTimes({ times, zone }: { times: readonly string[]; zone: string }) {
  if (times.length === 0) return <p className={styles.quiet}>It does not fire any more.</p>;
  return (
    <ol className={styles.times}>
      {times.map((time) => (
        <li key={time}>
          <time dateTime={time}>{inZone(time, zone)}</time>
        </li>
      ))}
    </ol>
  );
}

export function inZone(time: string, zone: string): string {
  const options = {
    weekday: 'short',
    dateStyle: undefined,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  } as const;
  const clock = { hour: '2-digit', minute: '2-digit', hour12: false } as const;
  try {
    return new Intl.DateTimeFormat(undefined, { ...options, ...clock, timeZone: zone }).format(
      new Date(time),
    );
  } catch {
    return time; // a zone the server knows and this browser does not
  }
}
