import { useId } from 'react';
import { type Field, hintOf } from '@/pipeline/form';
import { INSTANCE_TYPES, instanceWords } from '@/pipeline/instances';
import type { Json } from '@/pipeline/json';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';
import { SourceMenu } from './source-menu';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** An instance type in plain words: how many processors, how much memory. Any other type can be typed. */
export function InstanceField({ field, value }: Props) {
  const form = useStepForm();
  const controlId = useId();
  const listId = `${controlId}-types`;
  const type = typeof value === 'string' ? value : '';
  return (
    <FieldRow
      pointer={field.pointer}
      label={field.title}
      controlId={controlId}
      hint={hintOf(field)}
      help={field.help}
    >
      <div className={styles.box}>
        <div className={styles.control}>
          <input
            id={controlId}
            list={listId}
            type="text"
            className={styles.mono}
            spellCheck={false}
            disabled={form.readOnly}
            value={type}
            placeholder="ml.m5.large"
            onChange={(event) =>
              form.write(field.pointer, event.target.value || (field.required ? '' : undefined))
            }
          />
          <datalist id={listId}>
            {INSTANCE_TYPES.map((entry) => (
              <option key={entry} value={entry}>
                {instanceWords(entry)}
              </option>
            ))}
          </datalist>
        </div>
        <SourceMenu
          source="fixed"
          label={field.title}
          disabled={form.readOnly}
          onChange={(source) => {
            if (source === 'fixed') return;
            form.remember(field.pointer, 'fixed', value);
            form.write(field.pointer, source === 'parameter' ? { Get: 'Parameters.' } : { Get: 'Steps.' });
          }}
        />
      </div>
      {instanceWords(type) ? <p className={styles.note}>{instanceWords(type)}</p> : null}
    </FieldRow>
  );
}
