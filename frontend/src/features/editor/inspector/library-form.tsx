import { ChevronDown, ChevronRight } from 'lucide-react';
import { useMemo, useState } from 'react';
import { infoOf, type Port } from '@/pipeline/catalog';
import { withOptionalOutputs } from '@/pipeline/edit/optional-outputs';
import { setValue, unsetValue } from '@/pipeline/edit/values';
import { type Field, fieldOf, fieldsOfGroup } from '@/pipeline/form';
import { isObject, items, type Json, type JsonObject, member, text } from '@/pipeline/json';
import {
  applies,
  type LibraryDocument,
  OPTIONS,
  option,
  optionPointer,
  optionValues,
  withOption,
  writeOption,
} from '@/pipeline/library';
import { isWithin, parsePointer, valueAt } from '@/pipeline/pointer';
import { useScene } from '../editor-context';
import styles from './field.module.css';
import { type StepForm, StepFormContext, useStepForm } from './form-context';
import { InputField } from './input-field';
import { OptionField } from './option-field';
import { FieldList } from './schema-field';

interface Props {
  library: LibraryDocument;
  /** The schema of the Processing step it is. */
  schema: JsonObject;
}

const NO_PORTS: readonly Port[] = [];

/** What an ordinary step's settings still mean for a ready-made one. */
const KEPT = new Set(['DisplayName', 'Description', 'DependsOn']);

/** The form of a ready-made step: its inputs, its options, and what every step has. */
export function LibraryForm({ library, schema }: Props) {
  const form = useOptionForm(library);
  const { step } = form.entry;
  const values = useMemo(() => optionValues(step, library.form), [step, library.form]);
  const fields = useMemo(() => optionFields(step, library.form), [step, library.form]);
  const shown = fields.filter(({ schema: one }) => applies(one, values));
  const written = (field: Field) => option(step, field.key).place !== null;
  const pressing = (field: Field) =>
    form.problemsAt(field.pointer).length > 0 || (form.focus !== null && isWithin(form.focus, field.pointer));
  const open = shown.filter((field) => !field.advanced || written(field) || pressing(field));
  const more = shown.filter((field) => !open.includes(field));
  const kept = fieldsOfGroup(schema, 'Settings').filter((field) => KEPT.has(field.key));
  return (
    <StepFormContext.Provider value={form}>
      {library.inputs.map((port) => (
        <InputField key={port.name} port={port} schema={schema} />
      ))}
      {open.map((field) => (
        <OptionField key={field.key} field={field} raw={option(step, field.key).raw} />
      ))}
      <More fields={more} step={step} />
      <FieldList fields={kept} />
    </StepFormContext.Provider>
  );
}

function More({ fields, step }: { fields: readonly Field[]; step: JsonObject }) {
  const [open, setOpen] = useState(false);
  if (fields.length === 0) return null;
  return (
    <div className={styles.section}>
      <button type="button" className={styles.disclosure} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? <ChevronDown size={14} aria-hidden="true" /> : <ChevronRight size={14} aria-hidden="true" />}
        More options ({fields.length})
      </button>
      {open
        ? fields.map((field) => (
            <OptionField key={field.key} field={field} raw={option(step, field.key).raw} />
          ))
        : null}
    </div>
  );
}

function optionFields(step: JsonObject, form: JsonObject): Field[] {
  const properties = member(form, 'properties');
  if (!isObject(properties)) return [];
  const required = new Set(items(form.required));
  return Object.entries(properties).flatMap(([name, schema]) =>
    isObject(schema) ? [fieldOf(name, schema, optionPointer(option(step, name)), required.has(name))] : [],
  );
}

/** The step's form with options written as `--name value` pairs instead of in place. */
function useOptionForm(library: LibraryDocument): StepForm {
  const outer = useStepForm();
  const { catalog, store, session } = useScene();
  const ports = infoOf(catalog, outer.entry)?.ports ?? NO_PORTS;
  const bucket = session.workspace.default_bucket;
  return useMemo(() => {
    const properties = member(library.form, 'properties');
    const write = (pointer: string, value: Json | undefined) => {
      const name = isWithin(pointer, OPTIONS) ? optionNameAt(outer.entry.step, pointer) : null;
      if (name === null) return outer.write(pointer, value);
      const schema = member(properties, name);
      const title = (isObject(schema) ? text(schema.title) : undefined) ?? name;
      const stored = value === undefined || isExpression(value, schema) ? value : writeOption(value);
      void store.getState().run(
        (documents) => {
          const words = withOption(outer.entry.step, name, stored === '' ? undefined : stored);
          const edit =
            words.length > 0
              ? setValue(documents, outer.entry.name, OPTIONS, words)
              : unsetValue(documents, outer.entry.name, OPTIONS);
          const labelled = { ...edit, label: `Change “${title}” of ${outer.entry.name}` };
          return withOptionalOutputs(documents, labelled, outer.entry, library, {
            option: name,
            value,
            bucket,
            ports,
          });
        },
        { merge: `option ${outer.entry.name} ${name}` },
      );
    };
    return { ...outer, write };
  }, [outer, store, library, bucket, ports]);
}

/** An object is an option's own value where the form says so; any other object is an expression. */
function isExpression(value: Json, schema: Json | undefined): boolean {
  return isObject(value) && text(member(schema, 'type')) !== 'object'
    ? true
    : isObject(value) && Object.keys(value).some((key) => key === 'Get' || key.startsWith('Std:'));
}

/** The option a pointer means, null for a place inside its value. */
function optionNameAt(step: JsonObject, pointer: string): string | null {
  const [last, ...deeper] = parsePointer(pointer.slice(OPTIONS.length));
  if (last === undefined || deeper.length > 0) return null;
  if (last.startsWith('--')) return last.slice(2);
  const name = text(items(valueAt(step, OPTIONS))[Number(last) - 1]);
  return name?.startsWith('--') ? name.slice(2) : null;
}
