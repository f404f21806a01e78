import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useId, useState } from 'react';
import { awsWord, type Field, fieldOf, fieldsOfObject, hintOf, opened } from '@/pipeline/form';
import { isObject, type Json, sameJson } from '@/pipeline/json';
import { isWithin, valueAt } from '@/pipeline/pointer';
import { sourceOf } from '@/pipeline/source';
import { AddressField } from './address-field';
import { ArgumentsField } from './arguments-field';
import { BranchField } from './branch-field';
import { CodeField } from './code-field';
import { forItem } from './code-name';
import { ConditionsField } from './conditions-field';
import { DependsField } from './depends-field';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';
import { ImageField } from './image-field';
import { InstanceField } from './instance-field';
import { ItemNameField, useNamedPort } from './item-name-field';
import { ListField } from './list-field';
import { MapField } from './map-field';
import { MetricsField } from './metrics-field';
import { OutputNameField } from './output-name-field';
import { ValueBox } from './value-box';

type Special = (props: { field: Field; value: Json | undefined }) => ReactNode;

/** Fields with a control of their own, by the widget their schema asks for. */
const SPECIAL: Readonly<Record<string, Special>> = {
  arguments: ArgumentsField,
  command: ArgumentsField,
  branch: BranchField,
  code: CodeField,
  conditions: ConditionsField,
  'depends-on': DependsField,
  image: ImageField,
  'instance-type': InstanceField,
  'key-value': MapField,
  's3-uri': AddressField,
  metrics: MetricsField,
  'output-name': OutputNameField,
};

/** One field of a step, drawn from its schema. */
export function SchemaField({ field: general }: { field: Field }) {
  const { entry } = useStepForm();
  const field = forItem(general, entry.step);
  const value = valueAt(entry.step, field.pointer);
  const controlId = useId();
  const literal = sourceOf(value) === 'fixed';
  const named = useNamedPort(field);
  const Control = SPECIAL[field.widget];
  if (Control && (literal || field.widget === 'code')) return <Control field={field} value={value} />;
  if (literal && named)
    return <ItemNameField field={field} value={value} controlId={controlId} reference={named.reference} />;
  if (literal && field.kind === 'map') return <MapField field={field} value={value} />;
  if (literal && field.kind === 'list') return <ListField field={field} value={value} />;
  if (literal && field.kind === 'object') return <ObjectField field={field} />;
  return (
    <FieldRow
      pointer={field.pointer}
      label={field.title}
      controlId={controlId}
      hint={(literal && awsWord(field, value)) || hintOf(field)}
      help={field.help}
    >
      <ValueBox field={field} value={value} controlId={controlId} />
    </FieldRow>
  );
}

/** Nothing is written, or just what would hold anyway. */
function isDefault(field: Field, value: Json | undefined): boolean {
  return value === undefined || (field.schema.default !== undefined && sameJson(value, field.schema.default));
}

/** Fields in order; what most people never touch waits behind "More", unless it is used or in trouble. */
export function FieldList({ fields }: { fields: readonly Field[] }) {
  const { entry, problemsAt, focus } = useStepForm();
  const [more, setMore] = useState(false);
  const shown = (field: Field) =>
    !field.advanced ||
    !isDefault(field, valueAt(entry.step, field.pointer)) ||
    problemsAt(field.pointer).length > 0 ||
    (focus !== null && isWithin(focus, field.pointer));
  const hidden = fields.filter((field) => !shown(field));
  return (
    <>
      {fields.filter(shown).map((field) => (
        <SchemaField key={field.pointer} field={field} />
      ))}
      {hidden.length > 0 ? (
        <div className={styles.section}>
          <button
            type="button"
            className={styles.disclosure}
            aria-expanded={more}
            onClick={() => setMore(!more)}
          >
            {more ? (
              <ChevronDown size={14} aria-hidden="true" />
            ) : (
              <ChevronRight size={14} aria-hidden="true" />
            )}
            Advanced ({hidden.length})
          </button>
          {more ? hidden.map((field) => <SchemaField key={field.pointer} field={field} />) : null}
        </div>
      ) : null}
    </>
  );
}

/** An object as a section that opens; its own fields inside. */
function ObjectField({ field }: { field: Field }) {
  const { entry, focus, problemsAt } = useStepForm();
  const value = valueAt(entry.step, field.pointer);
  const led = focus !== null && isWithin(focus, field.pointer);
  const [open, setOpen] = useState(isObject(value) || led || problemsAt(field.pointer).length > 0);
  const inner = fieldsOfObject(field.schema, field.pointer).flatMap(opened);
  if (inner.length === 0) return <FreeField field={field} value={value} />;
  const expanded = open || led;
  return (
    <div className={styles.section}>
      <button
        type="button"
        className={styles.disclosure}
        aria-expanded={expanded}
        onClick={() => setOpen(!expanded)}
      >
        {expanded ? (
          <ChevronDown size={14} aria-hidden="true" />
        ) : (
          <ChevronRight size={14} aria-hidden="true" />
        )}
        {field.title}
      </button>
      {expanded ? <FieldList fields={inner} /> : null}
    </div>
  );
}

/** A value the schema says nothing about: JSON. */
function FreeField({ field, value }: { field: Field; value: Json | undefined }) {
  const controlId = useId();
  const asExpression = fieldOf(field.key, { ...field.schema, type: 'string' }, field.pointer, field.required);
  return (
    <FieldRow pointer={field.pointer} label={field.title} controlId={controlId} hint="JSON" help={field.help}>
      <ValueBox field={asExpression} value={value} controlId={controlId} />
    </FieldRow>
  );
}
