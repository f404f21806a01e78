import { Plus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { renameKey } from '@/pipeline/edit/values';
import { type Field, fieldOf, fieldsOfObject, hintOf } from '@/pipeline/form';
import { isObject, type Json, type JsonObject } from '@/pipeline/json';
import { child } from '@/pipeline/pointer';
import { useScene } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { focusFirst } from './focus-first';
import { useStepForm } from './form-context';
import { RemoveButton } from './list-field';
import { SchemaField } from './schema-field';
import { ValueBox } from './value-box';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** Names and values. Names the schema knows (a script, its code) have a field of their own above the rest. */
export function MapField({ field, value }: Props) {
  const form = useStepForm();
  const { store } = useScene();
  const held = isObject(value) ? value : {};
  const known = fieldsOfObject(field.schema, field.pointer).filter((entry) => Object.hasOwn(held, entry.key));
  const special = new Set(known.map((entry) => entry.key));
  const names = Object.keys(held).filter((name) => !special.has(name));
  const inner: JsonObject = isObject(field.schema.additionalProperties)
    ? field.schema.additionalProperties
    : { type: 'string' };
  const added = useRef('');
  const add = () => {
    let number = names.length + 1;
    while (Object.hasOwn(held, `name${number}`)) number += 1;
    added.current = `name${number}`;
    form.write(child(field.pointer, added.current), '');
  };
  const removeName = (name: string) => form.write(child(field.pointer, name), undefined);
  const rename = (from: string, to: string) =>
    store.getState().run((documents) => renameKey(documents, form.entry.name, field.pointer, from, to));
  return (
    <>
      {known.map((entry) => (
        <SchemaField key={entry.pointer} field={entry} />
      ))}
      <FieldRow
        pointer={field.pointer}
        label={field.title}
        hint={hintOf(field)}
        help={field.help}
        deep={special.size === 0}
      >
        <div className={styles.list}>
          {names.map((name) => (
            <div key={name} className={styles.line} ref={added.current === name ? focusFirst : undefined}>
              <NameBox name={name} onRename={(to) => rename(name, to)} />
              <div className={styles.grow}>
                <ValueBox
                  field={fieldOf(name, inner, child(field.pointer, name), true)}
                  value={held[name]}
                  label={`Value of ${name}`}
                />
              </div>
              <RemoveButton label={`Remove ${name}`} onRemove={() => removeName(name)} />
            </div>
          ))}
          {form.readOnly ? null : (
            <button type="button" className={styles.add} onClick={add} data-aside>
              <Plus size={14} aria-hidden="true" />
              Add
            </button>
          )}
        </div>
      </FieldRow>
    </>
  );
}

/** A name that is taken over when the field is left, so that half-typed names never reach the definition. */
function NameBox({ name, onRename }: { name: string; onRename(to: string): void }) {
  const { readOnly } = useStepForm();
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const commit = () => {
    const wanted = typed.trim();
    if (wanted && wanted !== name) onRename(wanted);
    else setTyped(name);
  };
  return (
    <div className={`${styles.box} ${styles.name}`}>
      <div className={styles.control}>
        <input
          type="text"
          className={styles.mono}
          aria-label={`Name ${name}`}
          spellCheck={false}
          disabled={readOnly}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
      </div>
    </div>
  );
}
