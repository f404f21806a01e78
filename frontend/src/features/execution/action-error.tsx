import { ApiError, isOffline } from '@/api/problem-error';
import styles from './action-error.module.css';

/** Why a button did not work, in the server's words, with the request id to quote. */
export function ActionError({ error }: { error: Error }) {
  const text =
    error instanceof ApiError
      ? error.detail
      : isOffline(error)
        ? 'The server cannot be reached. Try again in a moment.'
        : error.message;
  return (
    <p role="alert" className={styles.error}>
      {text}
      {error instanceof ApiError && error.requestId ? <small> Request {error.requestId}</small> : null}
    </p>
  );
}
