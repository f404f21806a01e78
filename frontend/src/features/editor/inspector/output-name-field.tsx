import { type Field, hintOf } from '@/pipeline/form';
import { items, type Json, member, text } from '@/pipeline/json';
import { valueAt } from '@/pipeline/pointer';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** Which output of this very step: one of those it has. */
export function OutputNameField({ field, value }: Props) {
  const form = useStepForm();
  const names = items(valueAt(form.entry.step, '/Arguments/ProcessingOutputConfig/Outputs')).flatMap(
    (entry) => text(member(entry, 'OutputName')) ?? [],
  );
  const chosen = text(value) ?? '';
  return (
    <FieldRow pointer={field.pointer} label={field.title} hint={hintOf(field)} help={field.help}>
      <div className={styles.box}>
        <div className={styles.control}>
          <select
            aria-label={field.title}
            value={chosen}
            disabled={form.readOnly}
            onChange={(event) => form.write(field.pointer, event.target.value)}
          >
            <option value="">Choose an output</option>
            {chosen && !names.includes(chosen) ? <option value={chosen}>{chosen} (missing)</option> : null}
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
      </div>
    </FieldRow>
  );
}
