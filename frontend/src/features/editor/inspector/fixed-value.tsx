import { useEffect, useState } from 'react';
import { defaultOf, type Field } from '@/pipeline/form';
import { isNumber, items, type Json, NumberLiteral, text } from '@/pipeline/json';
import { choiceTitle } from '@/pipeline/library';
import { parseText } from '@/pipeline/text';
import styles from './field.module.css';
import { useStepForm } from './form-context';

interface Props {
  field: Field;
  value: Json | undefined;
  controlId: string | undefined;
  label: string;
}

const MONO = new Set(['s3-uri', 'container-path', 'regex', 'file-name', 'image', 'duration', 'code']);

/** A value written by hand: text, number, yes or no, one of a few. */
export function FixedValue({ field, value, controlId, label }: Props) {
  const form = useStepForm();
  const shared = { id: controlId, 'aria-label': label, disabled: form.readOnly };
  const write = (next: Json | undefined) => form.write(field.pointer, next);
  if (field.kind === 'boolean') {
    const on = (value ?? defaultOf(field)) === true;
    return (
      <span className={styles.switch}>
        <input {...shared} type="checkbox" checked={on} onChange={(event) => write(event.target.checked)} />
        <span aria-hidden="true">{on ? 'On' : 'Off'}</span>
      </span>
    );
  }
  if (field.kind === 'choice') {
    const fallback = defaultOf(field);
    return (
      <select
        {...shared}
        value={text(value) ?? ''}
        onChange={(event) => write(event.target.value || undefined)}
      >
        <option value="">
          {fallback === undefined ? 'Choose' : `${choiceTitle(field.schema, fallback)} (default)`}
        </option>
        {items(field.schema.enum).map((option) => (
          <option key={String(option)} value={String(option)}>
            {choiceTitle(field.schema, option)}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === 'number') return <NumberInput {...shared} value={value} field={field} onWrite={write} />;
  const placeholder = text(field.schema['x-placeholder']) ?? text(defaultOf(field)) ?? '';
  const shown = shownText(value, field);
  const onChange = (typed: string) => write(storedText(typed, field));
  if (field.widget === 'text-area') {
    return (
      <textarea
        {...shared}
        rows={3}
        value={shown}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  const suggestions = items(field.schema['x-suggestions']).flatMap((entry) => text(entry) ?? []);
  const listId = suggestions.length > 0 ? `${controlId ?? field.pointer}-suggestions` : undefined;
  return (
    <>
      <input
        {...shared}
        className={MONO.has(field.widget) ? styles.mono : undefined}
        type="text"
        list={listId}
        spellCheck={false}
        value={shown}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
      />
      {listId ? (
        <datalist id={listId}>
          {suggestions.map((suggestion) => (
            <option key={suggestion} value={suggestion} />
          ))}
        </datalist>
      ) : null}
    </>
  );
}

/** Some texts are stored JSON-quoted inside a text, as the SDK writes hyperparameters; people see the plain one. */
export function shownText(value: Json | undefined, field: Pick<Field, 'schema'>): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') return isNumber(value) || typeof value === 'boolean' ? value.toString() : '';
  if (field.schema['x-encoding'] !== 'json') return value;
  const parsed = parseText(value);
  return parsed.ok && typeof parsed.value === 'string' ? parsed.value : value;
}

export function storedText(typed: string, field: Pick<Field, 'schema' | 'required'>): Json | undefined {
  if (field.schema['x-encoding'] === 'json') return JSON.stringify(typed);
  return typed === '' && !field.required ? undefined : typed;
}

interface NumberProps {
  id: string | undefined;
  'aria-label': string;
  disabled: boolean;
  value: Json | undefined;
  field: Field;
  onWrite(value: Json | undefined): void;
}

/** Keeps what is typed until it is a number; the number keeps the spelling the person gave it. */
function NumberInput({ value, field, onWrite, ...shared }: NumberProps) {
  const written =
    value instanceof NumberLiteral ? value.text : value === undefined || value === null ? '' : String(value);
  const [typed, setTyped] = useState(written);
  useEffect(() => setTyped(written), [written]);
  const fallback = defaultOf(field);
  const commit = (entered: string) => {
    setTyped(entered);
    const number = numberFrom(entered);
    if (entered === '') onWrite(undefined);
    else if (number !== undefined) onWrite(number);
  };
  const wrong = typed !== '' && numberFrom(typed) === undefined;
  return (
    <input
      {...shared}
      type="text"
      inputMode="decimal"
      value={typed}
      placeholder={fallback === undefined ? '' : String(fallback)}
      aria-invalid={wrong}
      title={wrong ? 'A number is expected here, for example 0.5 or 20.' : undefined}
      onChange={(event) => commit(event.target.value.trim())}
    />
  );
}

/** The JSON number a text spells, or undefined. */
export function numberFrom(entered: string): number | NumberLiteral | undefined {
  const parsed = parseText(entered);
  return parsed.ok && isNumber(parsed.value) ? parsed.value : undefined;
}
