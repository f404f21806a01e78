import { Plus } from 'lucide-react';
import { isObject, items, type JsonObject, text } from '@/pipeline/json';
import { ColumnSelect } from './column-field';
import styles from './field.module.css';
import { useStepForm } from './form-context';
import { RemoveButton } from './list-field';
import type { OptionProps } from './option-field';
import { useColumns } from './use-columns';

const OPERATORS: readonly { value: string; words: string; alone?: boolean }[] = [
  { value: '=', words: 'is' },
  { value: '!=', words: 'is not' },
  { value: '>', words: 'is more than' },
  { value: '>=', words: 'is at least' },
  { value: '<', words: 'is less than' },
  { value: '<=', words: 'is at most' },
  { value: 'contains', words: 'contains' },
  { value: 'missing', words: 'has no value', alone: true },
  { value: 'present', words: 'has a value', alone: true },
];

/** Which rows stay: comparisons of columns with values. */
export function FiltersField({ field, value }: OptionProps) {
  const form = useStepForm();
  const { names, waiting } = useColumns(field);
  const rules = items(value).filter(isObject);
  const write = (next: readonly JsonObject[]) =>
    form.write(field.pointer, next.length > 0 ? [...next] : undefined);
  const change = (place: number, facts: JsonObject) =>
    write(rules.map((rule, index) => (index === place ? { ...rule, ...facts } : rule)));
  return (
    <div className={styles.list}>
      {rules.map((rule, place) => {
        const operator = OPERATORS.find((entry) => entry.value === text(rule.operator)) ?? OPERATORS[0];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rules are told apart by their place only
          <div key={place} className={styles.line}>
            <div className={`${styles.box} ${styles.grow}`}>
              <div className={`${styles.control} ${styles.wrapping}`}>
                <ColumnSelect
                  label={`Column of rule ${place + 1}`}
                  columns={names}
                  waiting={waiting}
                  value={text(rule.column) ?? ''}
                  empty="Choose a column"
                  disabled={form.readOnly}
                  onChange={(column) => change(place, { column })}
                />
                <select
                  aria-label={`Comparison of rule ${place + 1}`}
                  disabled={form.readOnly}
                  value={operator?.value}
                  onChange={(event) => change(place, { operator: event.target.value })}
                >
                  {OPERATORS.map((entry) => (
                    <option key={entry.value} value={entry.value}>
                      {entry.words}
                    </option>
                  ))}
                </select>
                {operator?.alone ? null : (
                  <input
                    type="text"
                    aria-label={`Value of rule ${place + 1}`}
                    placeholder="value"
                    disabled={form.readOnly}
                    value={text(rule.value) ?? ''}
                    onChange={(event) => change(place, { value: event.target.value })}
                  />
                )}
              </div>
            </div>
            <RemoveButton
              label={`Remove rule ${place + 1}`}
              onRemove={() => write(rules.filter((_, index) => index !== place))}
            />
          </div>
        );
      })}
      {form.readOnly ? null : (
        <button
          type="button"
          className={styles.add}
          data-aside
          onClick={() => write([...rules, { column: '', operator: '=', value: '' }])}
        >
          <Plus size={14} aria-hidden="true" />
          Add rule
        </button>
      )}
    </div>
  );
}
