import { useId, useState } from 'react';
import { type Field, hintOf } from '@/pipeline/form';
import { instanceTitle, instanceWords } from '@/pipeline/instances';
import type { Json } from '@/pipeline/json';
import { useScene } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';
import { SourceMenu } from './source-menu';

interface Props {
  field: Field;
  value: Json | undefined;
}

const OTHER = 'another type';

/** An instance type in plain words: how many processors, how much memory. Any other type can be typed. */
export function InstanceField({ field, value }: Props) {
  const form = useStepForm();
  const { catalog } = useScene();
  const controlId = useId();
  const known = catalog.instances ?? [];
  const type = typeof value === 'string' ? value : '';
  const offered = known.filter((entry) => entry.offered || entry.type === type);
  const [typing, setTyping] = useState(false);
  const listed = type === '' || offered.some((entry) => entry.type === type);
  const write = (chosen: string) => form.write(field.pointer, chosen || (field.required ? '' : undefined));
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
          {typing || !listed || known.length === 0 ? (
            <input
              id={controlId}
              type="text"
              className={styles.mono}
              spellCheck={false}
              disabled={form.readOnly}
              value={type}
              placeholder="ml.m5.large"
              onChange={(event) => write(event.target.value)}
              onBlur={() => setTyping(false)}
            />
          ) : (
            <select
              id={controlId}
              disabled={form.readOnly}
              value={type}
              onChange={(event) =>
                event.target.value === OTHER ? setTyping(true) : write(event.target.value)
              }
            >
              <option value="">Choose</option>
              {offered.map((entry) => (
                <option key={entry.type} value={entry.type}>
                  {instanceTitle(known, entry.type)}
                </option>
              ))}
              <option value={OTHER}>Another type…</option>
            </select>
          )}
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
      {typing && instanceWords(known, type) ? (
        <p className={styles.note}>{instanceWords(known, type)}</p>
      ) : null}
    </FieldRow>
  );
}
