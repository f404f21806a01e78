import { Button, Popover } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Database } from 'lucide-react';
import { useState } from 'react';
import { type DatasetRow, datasetsQuery } from '@/api/datasets';
import styles from './dataset-picker.module.css';
import { sizeWords } from './dataset-words';

interface Props {
  onPick(dataset: DatasetRow): void;
  disabled?: boolean;
  words?: string;
}

/** Chooses one of the workspace's datasets; the newest version is meant. */
export function DatasetPicker({ onPick, disabled = false, words = 'Choose a dataset' }: Props) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  const pick = (dataset: DatasetRow) => {
    setOpen(false);
    onPick(dataset);
  };
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          disabled={disabled}
          leftSection={<Database size={15} aria-hidden="true" />}
          onClick={() => setOpen(!open)}
          data-aside
        >
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label="Datasets">
        <input
          className={styles.search}
          type="search"
          aria-label="Search datasets"
          placeholder="Search datasets"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          data-autofocus
        />
        {open ? <Choices search={search.trim()} onPick={pick} /> : null}
      </Popover.Dropdown>
    </Popover>
  );
}

function Choices({ search, onPick }: { search: string; onPick(dataset: DatasetRow): void }) {
  const list = useInfiniteQuery(datasetsQuery(search));
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  if (list.isError) return <p className={styles.quiet}>{list.error.message}</p>;
  if (list.isPending) return <p className={styles.quiet}>Loading …</p>;
  if (rows.length === 0) {
    return (
      <p className={styles.quiet}>
        {search ? `No dataset fits “${search}”.` : 'No datasets yet. Drop a file on the canvas, or see Data.'}
      </p>
    );
  }
  return (
    <ul className={styles.list}>
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" className={styles.choice} onClick={() => onPick(row)}>
            <b title={row.name}>{row.name}</b>
            <small>
              v{row.latest.number} · {sizeWords(row.latest)}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
}
