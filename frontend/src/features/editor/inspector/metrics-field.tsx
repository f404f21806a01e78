import { Plus } from 'lucide-react';
import { type Field, fieldOf, hintOf } from '@/pipeline/form';
import { items, type Json, member } from '@/pipeline/json';
import { child } from '@/pipeline/pointer';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { FixedValue } from './fixed-value';
import { useStepForm } from './form-context';
import { RemoveButton } from './list-field';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** Numbers to read from the log: a name, and the pattern that finds it. */
export function MetricsField({ field, value }: Props) {
  const form = useStepForm();
  const list = items(value);
  const removeAt = (index: number) => {
    const rest = list.filter((_, place) => place !== index);
    form.write(field.pointer, rest.length > 0 ? rest : undefined);
  };
  const add = () =>
    form.write(child(field.pointer, list.length), {
      Name: `metric${list.length + 1}`,
      Regex: `metric${list.length + 1}=([0-9.]+)`,
    });
  return (
    <FieldRow
      pointer={field.pointer}
      label={field.title}
      hint={hintOf(field) || 'from the log'}
      help={field.help}
    >
      <div className={styles.list}>
        {list.map((item, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: metrics are told apart by their place only
          <div key={index} className={styles.line}>
            <MetricPart field={field} item={item} index={index} part="Name" label="Name" />
            <MetricPart field={field} item={item} index={index} part="Regex" label="Pattern" />
            <RemoveButton label={`Remove metric ${index + 1}`} onRemove={() => removeAt(index)} />
          </div>
        ))}
        {form.readOnly ? null : (
          <button type="button" className={styles.add} onClick={add} data-aside>
            <Plus size={14} aria-hidden="true" />
            Add metric
          </button>
        )}
      </div>
    </FieldRow>
  );
}

function MetricPart(props: {
  field: Field;
  item: Json;
  index: number;
  part: 'Name' | 'Regex';
  label: string;
}) {
  const { field, item, index, part, label } = props;
  const schema = {
    type: 'string',
    'x-widget': 'regex',
    ...(part === 'Regex' ? { 'x-placeholder': 'accuracy=([0-9.]+)' } : {}),
  };
  return (
    <div className={part === 'Name' ? `${styles.box} ${styles.name}` : styles.box}>
      <div className={styles.control}>
        <FixedValue
          field={fieldOf(part, schema, child(field.pointer, index, part), true)}
          value={member(item, part)}
          controlId={undefined}
          label={`${label} of metric ${index + 1}`}
        />
      </div>
    </div>
  );
}
