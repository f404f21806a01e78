import { Button, Popover } from '@mantine/core';
import type { LucideIcon } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import styles from './search-picker.module.css';

interface Props {
  /** On the button. */
  words: string;
  /** What is chosen from: "datasets". */
  what: string;
  icon: LucideIcon;
  disabled?: boolean;
  /** The rows that fit the search; `close` once one was chosen. */
  children(search: string, close: () => void): ReactNode;
}

/** A button that opens a list with a search field above it. */
export function SearchPicker({ words, what, icon: Icon, disabled = false, children }: Props) {
  const [open, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" width={300} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="default"
          disabled={disabled}
          leftSection={<Icon size={15} aria-hidden="true" />}
          onClick={() => setOpen(!open)}
          data-aside
        >
          {words}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={what.charAt(0).toUpperCase() + what.slice(1)}>
        <input
          className={styles.search}
          type="search"
          aria-label={`Search ${what}`}
          placeholder={`Search ${what}`}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          data-autofocus
        />
        {open ? children(search.trim(), () => setOpen(false)) : null}
      </Popover.Dropdown>
    </Popover>
  );
}
