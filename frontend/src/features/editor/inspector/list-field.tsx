import { ChevronDown, ChevronRight, Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '@/components/ui/icon-button';
import { infoOf } from '@/pipeline/catalog';
import { type Field, fieldOf, fieldsOfObject, hintOf, opened } from '@/pipeline/form';
import { isObject, items, type Json, text } from '@/pipeline/json';
import { newItem } from '@/pipeline/new-item';
import { child, isWithin } from '@/pipeline/pointer';
import { describe } from '@/pipeline/source';
import { useScene } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { focusFirst } from './focus-first';
import { useStepForm } from './form-context';
import { FieldList } from './schema-field';
import { ValueBox } from './value-box';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** A list: plain values as lines, objects as cards that open. */
export function ListField({ field, value }: Props) {
  const form = useStepForm();
  const { catalog, session } = useScene();
  const added = useRef<number | null>(null);
  const itemSchema = isObject(field.schema.items) ? field.schema.items : {};
  const objects = itemSchema.type === 'object';
  // "One or many" fields may hold the one value without a list around it.
  const list =
    field.schema['x-accepts-single'] === true && typeof value === 'string' ? [value] : items(value);
  const noun = (text(itemSchema.title) ?? 'item').toLowerCase();
  const add = () => {
    added.current = list.length;
    const step = form.entry.name;
    form.write(
      child(field.pointer, list.length),
      newItem(infoOf(catalog, form.entry), {
        list: field.pointer,
        itemSchema,
        existing: list,
        step,
        bucket: session.workspace.default_bucket,
      }),
    );
  };
  const removeAt = (index: number) => {
    const rest = list.filter((_, place) => place !== index);
    form.write(field.pointer, rest.length === 0 && !field.required ? undefined : rest);
  };
  const cardOf = (item: Json, index: number): CardProps => ({
    field,
    item,
    index,
    fresh: added.current === index,
    onRemove: () => removeAt(index),
  });
  return (
    <FieldRow pointer={field.pointer} label={field.title} hint={hintOf(field)} help={field.help} deep={false}>
      <div className={styles.list}>
        {list.map((item, index) =>
          objects ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: items have no identity of their own
            <Card key={index} {...cardOf(item, index)} />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <div key={index} className={styles.line} ref={added.current === index ? focusFirst : undefined}>
              <div className={styles.grow}>
                <ValueBox
                  field={fieldOf(String(index), itemSchema, child(field.pointer, index), true)}
                  value={item}
                  label={`${field.title} ${index + 1}`}
                />
              </div>
              <RemoveButton label={`Remove ${field.title} ${index + 1}`} onRemove={() => removeAt(index)} />
            </div>
          ),
        )}
        {form.readOnly ? null : (
          <button type="button" className={styles.add} onClick={add} data-aside>
            <Plus size={14} aria-hidden="true" />
            Add {noun}
          </button>
        )}
      </div>
    </FieldRow>
  );
}

interface RemoveButtonProps {
  label: string;
  /** Stands in a card's heading, not beside a text field. */
  inHead?: boolean;
  onRemove(): void;
}

export function RemoveButton({ label, inHead = false, onRemove }: RemoveButtonProps) {
  const { readOnly } = useStepForm();
  if (readOnly) return null;
  return (
    <IconButton size={inHead ? undefined : 'field'} aria-label={label} onClick={onRemove} data-aside>
      <Trash2 size={14} aria-hidden="true" />
    </IconButton>
  );
}

interface CardProps {
  field: Field;
  item: Json;
  index: number;
  /** Just added: it opens, and its first field has the caret. */
  fresh: boolean;
  onRemove(): void;
}

function Card({ field, item, index, fresh, onRemove }: CardProps) {
  const { focus, problemsAt } = useStepForm();
  const pointer = child(field.pointer, index);
  const led = focus !== null && isWithin(focus, pointer);
  const wrong = problemsAt(pointer).length > 0;
  const [open, setOpen] = useState(fresh || wrong);
  useEffect(() => {
    if (wrong) setOpen(true);
  }, [wrong]);
  const schema = isObject(field.schema.items) ? field.schema.items : {};
  const fields = fieldsOfObject(schema, pointer).flatMap(opened);
  const expanded = open || led;
  const { name, detail } = summary(item, schema);
  const title = name || `${text(schema.title) ?? 'Item'} ${index + 1}`;
  return (
    <fieldset className={styles.item} aria-label={title}>
      <div className={styles.itemHead}>
        <button
          type="button"
          className={styles.itemTitle}
          aria-expanded={expanded}
          onClick={() => setOpen(!expanded)}
        >
          {expanded ? (
            <ChevronDown size={14} aria-hidden="true" />
          ) : (
            <ChevronRight size={14} aria-hidden="true" />
          )}
          <span>{title}</span>
          <small>{expanded ? '' : detail}</small>
        </button>
        <RemoveButton label={`Remove ${title}`} inHead onRemove={onRemove} />
      </div>
      {expanded ? (
        <div className={styles.itemBody} ref={fresh ? focusFirst : undefined}>
          <FieldList fields={fields} />
        </div>
      ) : null}
    </fieldset>
  );
}

/** A card's heading: the item's name, and the first thing that is wired or written in it. */
function summary(item: Json, schema: Json): { name: string; detail: string } {
  if (!isObject(item)) return { name: '', detail: '' };
  const label = isObject(schema) ? text(schema['x-label']) : undefined;
  const key = label ?? Object.keys(item).find((candidate) => candidate.endsWith('Name'));
  const uri = findUri(item);
  return { name: key ? (text(item[key]) ?? '') : '', detail: uri === undefined ? '' : describe(uri) };
}

function findUri(value: Json): Json | undefined {
  if (!isObject(value)) return undefined;
  for (const [key, entry] of Object.entries(value)) {
    if (key === 'S3Uri' || key === 'ModelDataUrl') return entry;
    const inner = findUri(entry);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
