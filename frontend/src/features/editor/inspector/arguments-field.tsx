import { Plus } from 'lucide-react';
import { useRef } from 'react';
import { type Field, fieldOf, hintOf } from '@/pipeline/form';
import { items, type Json } from '@/pipeline/json';
import { child } from '@/pipeline/pointer';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { focusFirst } from './focus-first';
import { useStepForm } from './form-context';
import { RemoveButton } from './list-field';
import { ValueBox } from './value-box';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** A command or its arguments, one per line; each may come from a parameter or another step. */
export function ArgumentsField({ field, value }: Props) {
  const form = useStepForm();
  const list = items(value);
  const added = useRef<number | null>(null);
  const add = () => {
    added.current = list.length;
    form.write(child(field.pointer, list.length), '');
  };
  const removeAt = (index: number) => {
    const rest = list.filter((_, place) => place !== index);
    form.write(field.pointer, rest.length > 0 ? rest : undefined);
  };
  return (
    <FieldRow pointer={field.pointer} label={field.title} hint={hintOf(field)} help={field.help}>
      <div className={styles.list}>
        {list.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: arguments are told apart by their place only
          <div key={index} className={styles.line} ref={added.current === index ? focusFirst : undefined}>
            <div className={styles.grow}>
              <ValueBox
                field={fieldOf(
                  String(index),
                  { type: 'string', 'x-widget': 'container-path' },
                  child(field.pointer, index),
                  true,
                )}
                value={item}
                label={`${field.title} ${index + 1}`}
              />
            </div>
            <RemoveButton label={`Remove ${field.title} ${index + 1}`} onRemove={() => removeAt(index)} />
          </div>
        ))}
        {form.readOnly ? null : (
          <button type="button" className={styles.add} onClick={add} data-aside>
            <Plus size={14} aria-hidden="true" />
            Add {field.widget === 'command' ? 'part' : 'argument'}
          </button>
        )}
      </div>
    </FieldRow>
  );
}
