import type { Json } from '@/pipeline/json';
import styles from './field.module.css';
import { useStepForm } from './form-context';
import type { OptionProps } from './option-field';
import { SourceMenu } from './source-menu';
import { type KnownColumns, useColumns } from './use-columns';

/** One column of the table that arrives; typed where the columns are not known yet. */
export function ColumnField({ field, value, controlId }: OptionProps) {
  const form = useStepForm();
  const { names, open, waiting } = useColumns(field);
  const chosen = typeof value === 'string' ? value : '';
  return (
    <>
      <div className={styles.box}>
        <div className={styles.control}>
          <ColumnSelect
            id={controlId}
            label={field.title}
            columns={names}
            open={open}
            waiting={waiting}
            value={chosen}
            empty={field.required ? 'Choose a column' : 'None'}
            disabled={form.readOnly}
            onChange={(name) => form.write(field.pointer, name || undefined)}
          />
        </div>
        <SourceMenu
          source="fixed"
          label={field.title}
          disabled={form.readOnly}
          onChange={(source) => {
            const start: Record<string, Json> = {
              parameter: { Get: 'Parameters.' },
              output: { Get: 'Steps.' },
              expression: { 'Std:Join': { On: '', Values: [chosen] } },
            };
            if (start[source] === undefined) return;
            form.remember(field.pointer, 'fixed', chosen);
            form.write(field.pointer, start[source]);
          }}
        />
      </div>
      {names === null && !waiting ? (
        <p className={styles.note}>
          Columns are offered once the table is known: connect it, or run the step before.
        </p>
      ) : null}
      <OpenColumns open={open} names={names} />
    </>
  );
}

/** Says which columns are offered only after a run, while there was none. */
export function OpenColumns({ open, names }: Pick<KnownColumns, 'open' | 'names'>) {
  const unseen = open.filter((start) => !names?.some((name) => name.startsWith(start)));
  if (unseen.length === 0) return null;
  return (
    <p className={styles.note}>
      Columns called {unseen.map((start) => `${start}…`).join(', ')} are offered once the step before has run:
      there is one for each value it finds.
    </p>
  );
}

interface SelectProps {
  id?: string;
  label: string;
  /** Null: not known, so the name is typed. */
  columns: readonly string[] | null;
  open?: readonly string[];
  waiting: boolean;
  value: string;
  empty: string;
  disabled: boolean;
  onChange(name: string): void;
}

export function ColumnSelect({
  id,
  label,
  columns,
  open = [],
  waiting,
  value,
  empty,
  disabled,
  onChange,
}: SelectProps) {
  if (columns === null && !waiting) {
    return (
      <input
        id={id}
        type="text"
        aria-label={label}
        className={styles.mono}
        spellCheck={false}
        disabled={disabled}
        value={value}
        placeholder="column"
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const offered = columns ?? [];
  const listed = value === '' || offered.includes(value);
  const missing = !listed && !open.some((start) => value.startsWith(start));
  return (
    <select
      id={id}
      aria-label={label}
      disabled={disabled || columns === null}
      value={value}
      aria-invalid={missing && columns !== null}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{columns === null ? 'Looking at the table …' : empty}</option>
      {listed ? null : (
        <option value={value}>{missing && columns !== null ? `${value} (not there)` : value}</option>
      )}
      {offered.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
