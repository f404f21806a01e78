import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, Search } from 'lucide-react';
import { useState } from 'react';
import type { ColumnPage, ColumnsWanted } from '@/execution/summary';
import styles from './paged-table.module.css';
import { TablePreview } from './table-preview';

/** Columns of a page; the server gives no more at once. */
const PAGE = 100;
const TYPING_MS = 250;

/** Where the columns come from; `key` stands for the table. */
export interface ColumnSource {
  key: readonly unknown[];
  page(wanted: ColumnsWanted, signal: AbortSignal): Promise<ColumnPage>;
}

interface Props {
  label: string;
  name: string;
  columns: ColumnSource;
  large?: boolean;
}

/** A table of more columns than fit: found by name, a hundred at a time, each with its figures and first values. */
export function PagedTable({ label, name, columns, large = false }: Props) {
  const [typed, setTyped] = useState('');
  const [search] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [turned, setTurned] = useState({ search: '', offset: 0, full: false });
  const { offset, full } = turned.search === search ? turned : { offset: 0, full: false };
  const page = useQuery({
    queryKey: [...columns.key, 'columns', search, offset, full],
    queryFn: ({ signal }) => columns.page({ search, offset, full }, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.profile === 'running' ? 1000 : false),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const turn = (to: number) => setTurned({ search, offset: to, full: false });
  const { data } = page;
  return (
    <div className={styles.paged} aria-busy={page.isPlaceholderData || page.isPending}>
      <div className={styles.bar}>
        <TextInput
          className={styles.search ?? ''}
          type="search"
          size="xs"
          aria-label={`Find a column of ${name}`}
          placeholder="Find a column"
          leftSection={<Search size={14} aria-hidden="true" />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className={styles.pager}>
          <span role="status" className={styles.words}>
            {data ? pageWords(data, search) : ''}
          </span>
          <ActionIcon
            variant="default"
            aria-label="Columns before"
            disabled={offset === 0}
            onClick={() => turn(Math.max(0, offset - PAGE))}
          >
            <ChevronLeft size={15} aria-hidden="true" />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label="Columns after"
            disabled={!data || offset + PAGE >= data.found}
            onClick={() => turn(offset + PAGE)}
          >
            <ChevronRight size={15} aria-hidden="true" />
          </ActionIcon>
        </div>
      </div>
      {data?.sample ? (
        <div className={styles.bar}>
          <span className={styles.sample}>
            Figures are of the first {data.sample.rows.toLocaleString('en-US')} rows.
            {data.profile === 'running' ? ' Reading all rows …' : ''}
          </span>
          {data.profile === 'none' ? (
            <Button size="compact-xs" onClick={() => setTurned({ search, offset, full: true })}>
              Read all rows
            </Button>
          ) : null}
        </div>
      ) : null}
      {page.isError ? <p className={styles.error}>{page.error.message}</p> : null}
      {data && data.columns.length > 0 ? (
        <TablePreview
          key={`${data.places[0]} ${data.places.length}`}
          label={label}
          names={data.preview.columns}
          rows={data.preview.rows}
          columns={data.columns}
          large={large}
        />
      ) : null}
    </div>
  );
}

/** "Columns 101–200 of 5,000", "12 of 5,000 columns", and what a search did not find. */
export function pageWords(page: ColumnPage, search: string): string {
  const total = page.total.toLocaleString('en-US');
  if (page.found === 0) return `No column's name has “${search}” in it; there are ${total}.`;
  const from = (page.offset + 1).toLocaleString('en-US');
  const to = (page.offset + page.columns.length).toLocaleString('en-US');
  if (page.found === page.total) return `Columns ${from}–${to} of ${total}`;
  const found = page.found.toLocaleString('en-US');
  return page.found <= PAGE ? `${found} of ${total} columns` : `${from}–${to} of ${found} found columns`;
}
