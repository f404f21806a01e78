import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '@/api/types';
import styles from './search-picker.module.css';

interface Props<Row> {
  list: UseInfiniteQueryResult<InfiniteData<Page<Row>>>;
  /** Said when no row is there. */
  none: string;
  children(row: Row): { key: string; name: string; remark: ReactNode; disabled?: boolean };
  onPick(row: Row): void;
}

/** The rows of a picker, or why there are none. */
export function PickerRows<Row>({ list, none, children, onPick }: Props<Row>) {
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  if (list.isError) return <p className={styles.quiet}>{list.error.message}</p>;
  if (list.isPending) return <p className={styles.quiet}>Loading …</p>;
  if (rows.length === 0) return <p className={styles.quiet}>{none}</p>;
  return (
    <ul className={styles.list}>
      {rows.map((row) => {
        const { key, name, remark, disabled = false } = children(row);
        return (
          <li key={key}>
            <button type="button" className={styles.choice} disabled={disabled} onClick={() => onPick(row)}>
              <b title={name}>{name}</b>
              <small>{remark}</small>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
