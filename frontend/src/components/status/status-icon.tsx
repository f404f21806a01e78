import { type StatusKind, statusTone } from '../../execution/status';
import styles from './status.module.css';

const CIRCLE = <circle cx="8" cy="8" r="6.2" />;

const SHAPES: Record<StatusKind, React.ReactNode> = {
  waiting: (
    <>
      {CIRCLE}
      <path d="M8 4.6V8l2.2 1.4" />
    </>
  ),
  queued: <path d="M4.2 2h7.6M4.2 14h7.6M5 2v2.4L8 8l3-3.6V2M5 14v-2.4L8 8l3 3.6V14" />,
  starting: <circle cx="8" cy="8" r="6.2" strokeDasharray="2.6 2.27" />,
  executing: <path d="M8 1.8a6.2 6.2 0 1 1-6.2 6.2" />,
  succeeded: (
    <>
      {CIRCLE}
      <path d="m5.2 8.2 2 2 3.6-4" />
    </>
  ),
  cached: (
    <>
      <path d="m5.2 8.3 2 2 3.8-4.2" />
      <path d="M13.9 6A6.2 6.2 0 1 0 14.2 8M14.4 2.9 13.9 6l-3-.7" />
    </>
  ),
  failed: (
    <>
      {CIRCLE}
      <path d="m6 6 4 4M10 6l-4 4" />
    </>
  ),
  retrying: <path d="M13.9 9.3A6 6 0 1 1 13.6 6M14.2 2.6 13.6 6l-3.3-.7" />,
  stopping: <rect x="3.5" y="3.5" width="9" height="9" rx="2" strokeDasharray="2.4 2" />,
  stopped: <rect x="3.5" y="3.5" width="9" height="9" rx="2" />,
  skipped: <path d="M4 8h8" />,
  blocked: <path d="M4 8h8" />,
  person: (
    <path d="M5 9V4.2a1 1 0 0 1 2 0V8 3a1 1 0 0 1 2 0v5-4a1 1 0 0 1 2 0v6c0 2.6-1.8 4-4 4-2 0-3-1-4.2-3.2" />
  ),
};

interface Props {
  kind: StatusKind;
  size?: number;
}

/** The sign of a status; the word beside it says the same. Turns while something runs, unless the reader asked for less motion. */
export function StatusIcon({ kind, size = 16 }: Props) {
  return (
    <svg
      aria-hidden="true"
      className={kind === 'executing' || kind === 'starting' ? styles.turning : undefined}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      data-status={kind}
      style={{ color: `var(--${statusTone(kind)})` }}
    >
      {SHAPES[kind]}
    </svg>
  );
}
