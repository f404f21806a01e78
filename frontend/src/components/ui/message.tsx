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

/** What failed, why, the request id to quote, and Retry. */
export function ErrorMessage({
  error,
  what,
  onRetry,
}: {
  error: unknown;
  what: string;
  onRetry?: () => void;
}) {
  const api = error instanceof ApiError ? error : null;
  const why =
    api?.detail ??
    (isOffline(error) ? 'The server cannot be reached.' : String((error as Error)?.message ?? error));
  return (
    <Message
      title={api?.status === 404 ? 'Not found' : `${what} could not be loaded`}
      actions={onRetry ? <Button onClick={onRetry}>Retry</Button> : null}
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
