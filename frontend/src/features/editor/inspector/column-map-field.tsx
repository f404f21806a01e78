import { Plus } from 'lucide-react';
import { isObject, items, type JsonObject, text } from '@/pipeline/json';
import { ColumnSelect } from './column-field';
import styles from './field.module.css';
import { useStepForm } from './form-context';
import { RemoveButton } from './list-field';
import type { OptionProps } from './option-field';
import { useColumns } from './use-columns';

const TYPES = ['integer', 'number', 'text', 'boolean', 'date', 'datetime'];

/** Something said about single columns: another type, another name. */
export function ColumnMapField({ field, value }: OptionProps) {
  const form = useStepForm();
  const { names, waiting } = useColumns(field);
  const pairs = isObject(value) ? Object.entries(value) : [];
  const types = field.widget === 'column-types';
  const choices = items(field.schema['x-values']).flatMap((entry) => text(entry) ?? []);
  const offered = types ? TYPES : choices;
  const write = (next: readonly (readonly [string, JsonObject[string]])[]) =>
    form.write(field.pointer, next.length > 0 ? Object.fromEntries(next) : undefined);
  const change = (place: number, name: string, said: JsonObject[string]) =>
    write(pairs.map((pair, index) => (index === place ? [name, said] : pair)));
  return (
    <div className={styles.list}>
      {pairs.map(([name, said], place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line keeps its place while its column changes
        <div key={place} className={styles.line}>
          <div className={`${styles.box} ${styles.grow}`}>
            <div className={styles.control}>
              <ColumnSelect
                label={`${field.title}: column ${place + 1}`}
                columns={names}
                waiting={waiting}
                value={name}
                empty="Choose a column"
                disabled={form.readOnly}
                onChange={(chosen) => change(place, chosen, said)}
              />
              {offered.length > 0 ? (
                <select
                  aria-label={`${field.title}: value ${place + 1}`}
                  disabled={form.readOnly}
                  value={text(said) ?? ''}
                  onChange={(event) => change(place, name, event.target.value)}
                >
                  {offered.map((entry) => (
                    <option key={entry} value={entry}>
                      {entry}
                    </option>
                  ))}
                </select>
              ) : (
                <input
                  type="text"
                  aria-label={`${field.title}: new name ${place + 1}`}
                  placeholder="new name"
                  disabled={form.readOnly}
                  value={text(said) ?? ''}
                  onChange={(event) => change(place, name, event.target.value)}
                />
              )}
            </div>
          </div>
          <RemoveButton
            label={`Remove ${name || `line ${place + 1}`}`}
            onRemove={() => write(pairs.filter((_, index) => index !== place))}
          />
        </div>
      ))}
      {form.readOnly ? null : (
        <button
          type="button"
          className={styles.add}
          data-aside
          disabled={pairs.some(([name]) => name === '')}
          onClick={() => write([...pairs, ['', offered[0] ?? '']])}
        >
          <Plus size={14} aria-hidden="true" />
          Add column
        </button>
      )}
    </div>
  );
}
