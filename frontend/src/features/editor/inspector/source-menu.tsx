import { Menu } from '@mantine/core';
import { Check, ChevronDown } from 'lucide-react';
import { SOURCE_WORDS, type Source } from '@/pipeline/source';
import styles from './field.module.css';

interface Props {
  source: Source;
  label: string;
  disabled: boolean;
  onChange(source: Source): void;
}

const SOURCES: readonly Source[] = ['fixed', 'parameter', 'output', 'expression'];

/** The switch at the right of every field. */
export function SourceMenu({ source, label, disabled, onChange }: Props) {
  return (
    <Menu position="bottom-end" width={160} disabled={disabled}>
      <Menu.Target>
        <button
          type="button"
          className={styles.source}
          aria-label={`Source of ${label}: ${SOURCE_WORDS[source]}`}
          data-aside
        >
          {SOURCE_WORDS[source]}
          <ChevronDown size={12} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {SOURCES.map((entry) => (
          <Menu.Item
            key={entry}
            rightSection={entry === source ? <Check size={14} aria-label="chosen" /> : null}
            onClick={() => onChange(entry)}
          >
            {SOURCE_WORDS[entry]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
