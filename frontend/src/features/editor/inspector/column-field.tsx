import type { Json } from '@/pipeline/json';
import styles from './field.module.css';
import { useStepForm } from './form-context';
import type { OptionProps } from './option-field';
import { SourceMenu } from './source-menu';
import { useColumns } from './use-columns';

/** One column of the table that arrives; typed where the columns are not known yet. */
export function ColumnField({ field, value, controlId }: OptionProps) {
  const form = useStepForm();
  const { names, waiting } = useColumns(field);
  const chosen = typeof value === 'string' ? value : '';
  return (
    <>
      <div className={styles.box}>
        <div className={styles.control}>
          <ColumnSelect
            id={controlId}
            label={field.title}
            columns={names}
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
    </>
  );
}

interface SelectProps {
  id?: string;
  label: string;
  /** Null: not known, so the name is typed. */
  columns: readonly string[] | null;
  waiting: boolean;
  value: string;
  empty: string;
  disabled: boolean;
  onChange(name: string): void;
}

export function ColumnSelect({ id, label, columns, waiting, value, empty, disabled, onChange }: SelectProps) {
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
  const missing = value !== '' && !offered.includes(value);
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
      {missing ? <option value={value}>{columns === null ? value : `${value} (not there)`}</option> : null}
      {offered.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
