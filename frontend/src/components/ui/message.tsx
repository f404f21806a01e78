import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { ApiError, isOffline } from '@/api/problem-error';
import styles from './message.module.css';

interface Props {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  icon?: ReactNode;
}

/** The middle of a page that has nothing else to show: empty, not found, failed. */
export function Message({ title, children, actions, icon }: Props) {
  return (
    <div className={styles.message}>
      {icon}
      <h1>{title}</h1>
      <div className={styles.text}>{children}</div>
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}

interface ErrorProps {
  error: unknown;
  /** As the beginning of a sentence: "This pipeline". */
  what: string;
  onRetry?: () => void;
  /** Where to go when it is not there, which no retry changes. */
  elsewhere?: ReactNode;
}

/** What failed, why, the request id to quote, and Retry. */
export function ErrorMessage({ error, what, onRetry, elsewhere }: ErrorProps) {
  const api = error instanceof ApiError ? error : null;
  const gone = api?.status === 404;
  const why =
    api?.detail ??
    (isOffline(error) ? 'The server cannot be reached.' : String((error as Error)?.message ?? error));
  return (
    <Message
      title={gone ? `${what} is not here` : `${what} could not be loaded`}
      actions={gone && elsewhere ? elsewhere : onRetry ? <Button onClick={onRetry}>Retry</Button> : null}
    >
      <p>{why}</p>
      {api ? (
        <p className={styles.facts}>
          <code>{api.code}</code>
          {api.requestId ? (
            <>
              {' · request '}
              <code>{api.requestId}</code>
            </>
          ) : null}
        </p>
      ) : null}
    </Message>
  );
}
