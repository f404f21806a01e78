import { Button, Skeleton } from '@mantine/core';
import { Search } from 'lucide-react';
import { type ComponentProps, type DragEvent, type ReactNode, useEffect, useState } from 'react';
import { carriesFiles } from '@/lib/file-drop';
import { AfterDelay } from './after-delay';
import styles from './list-page.module.css';
import { ErrorMessage } from './message';
import { TermHelp } from './term';

const TYPING_MS = 250;
const WAITING = ['a', 'b', 'c', 'd', 'e'];

interface Props {
  title: string;
  /** The term the page is about, explained beside the title. */
  term: ComponentProps<typeof TermHelp>;
  /** Beside the title: search, chips, buttons. */
  tools?: ReactNode;
  wide?: boolean;
  /** Takes files dropped anywhere on the page; null for those who may not. */
  onDrop?: ((event: DragEvent) => void) | null;
  children: ReactNode;
}

/** A page about a list: a title with its tools, and below it the list. */
export function ListPage({ title, term, tools, wide = false, onDrop = null, children }: Props) {
  const [over, setOver] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere; a button of the page does the same
    <div
      className={[styles.page, wide ? styles.wide : '', over ? styles.over : ''].join(' ')}
      onDragOver={(event) => {
        if (!onDrop || !carriesFiles(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        setOver(false);
        if (!onDrop || !carriesFiles(event)) return;
        event.preventDefault();
        onDrop(event);
      }}
    >
      <div className={styles.head}>
        <h1>{title}</h1>
        <TermHelp {...term} />
        {tools}
      </div>
      {children}
    </div>
  );
}

interface Listed {
  isPending: boolean;
  isError: boolean;
  error: Error | null;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  refetch(): unknown;
  fetchNextPage(): unknown;
}

/** What a list shows besides its rows: that it is loading, that it could not be loaded, that there is more. */
export function ListStates({
  list,
  what,
  more = 'Show more',
  waiting,
  children,
}: {
  list: Listed;
  /** As in a sentence: "The pipelines". */
  what: string;
  more?: string;
  /** Stands for the rows while they are loading. */
  waiting?: ReactNode;
  children: ReactNode;
}) {
  return (
    <>
      {list.isError ? (
        <ErrorMessage error={list.error} what={what} onRetry={() => void list.refetch()} />
      ) : null}
      {list.isPending ? (waiting ?? <WaitingRows label={`Loading ${what.toLowerCase()}`} />) : null}
      {children}
      {list.hasNextPage ? (
        <div className={styles.more}>
          <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {more}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function WaitingRows({ label }: { label: string }) {
  return (
    <AfterDelay>
      <div className={styles.waiting} role="status" aria-label={label}>
        {WAITING.map((key) => (
          <Skeleton key={key} height={39} radius={4} />
        ))}
      </div>
    </AfterDelay>
  );
}

/** Tells what was typed once the typing pauses. */
export function SearchBox({
  label,
  value,
  onSearch,
}: {
  label: string;
  value: string;
  onSearch: (search: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => onSearch(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onSearch]);
  return (
    <label className={styles.search}>
      <Search size={14} aria-hidden="true" />
      <input
        type="search"
        aria-label={label}
        placeholder={label}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}

/** Rows under their names; an optional column is left out on a phone. */
export function ListTable({
  label,
  heads,
  children,
}: {
  label: string;
  heads: readonly { title: string; optional?: boolean }[];
  children: ReactNode;
}) {
  return (
    <table className={styles.table} aria-label={label}>
      <thead>
        <tr>
          {heads.map(({ title, optional }) => (
            <th key={title} scope="col" className={optional ? styles.optional : undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** The first cell of a row: the name, and in small what it is. */
export function NameCell({ children, about }: { children: ReactNode; about: string }) {
  return (
    <td className={styles.name}>
      {children}
      <small>{about}</small>
    </td>
  );
}

export function OptionalCell({ children }: { children: ReactNode }) {
  return <td className={styles.optional}>{children}</td>;
}

/** Pushes what follows in the title's line to the right. */
export function Space() {
  return <span className={styles.space} />;
}
