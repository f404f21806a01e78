import { useEffect, useState } from 'react';
import { infoOf, listPointer } from '@/pipeline/catalog';
import { itemNameProblem, renameItem } from '@/pipeline/edit/items';
import { type Field, hintOf } from '@/pipeline/form';
import { items, type Json, text } from '@/pipeline/json';
import { parentOf, parsePointer, valueAt } from '@/pipeline/pointer';
import { useScene } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';

/** The port whose items a field names, or undefined when it is an ordinary field. */
export function useNamedPort(field: Field) {
  const { catalog } = useScene();
  const { entry } = useStepForm();
  const list = parentOf(parentOf(field.pointer));
  const ports = infoOf(catalog, entry)?.ports ?? [];
  return ports.find((port) => port.item_name === field.key && listPointer(port) === list);
}

interface Props {
  field: Field;
  value: Json | undefined;
  controlId: string;
  /** What others write to take the item. */
  reference: string | null;
}

/** The name of an input, output or report. It is given when the field is left, so that wires follow from name to name. */
export function ItemNameField({ field, value, controlId, reference }: Props) {
  const { store } = useScene();
  const form = useStepForm();
  const name = text(value) ?? '';
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const item = parentOf(field.pointer);
  const list = items(valueAt(form.entry.step, parentOf(item)));
  const index = Number(parsePointer(item).at(-1));
  const problem = typed === name ? null : itemNameProblem(typed, list, field.key, index);
  const commit = () => {
    if (typed === name) return;
    if (problem) setTyped(name);
    else
      store
        .getState()
        .run((documents) =>
          renameItem(documents, { step: form.entry.name, item, key: field.key, name: typed, reference }),
        );
  };
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
            type="text"
            spellCheck={false}
            value={typed}
            disabled={form.readOnly}
            aria-invalid={problem !== null}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={commit}
            onKeyDown={(event) => {
              if (event.key === 'Enter') commit();
              if (event.key === 'Escape') {
                setTyped(name);
                event.stopPropagation();
              }
            }}
          />
        </div>
      </div>
      {problem ? <p className={styles.error}>{problem}</p> : null}
    </FieldRow>
  );
}
