import { type ReactNode, useId } from 'react';
import { type Field, hintOf } from '@/pipeline/form';
import type { Json } from '@/pipeline/json';
import { readOption } from '@/pipeline/library';
import { sourceOf } from '@/pipeline/source';
import { ColumnField } from './column-field';
import { ColumnMapField } from './column-map-field';
import { ColumnsField } from './columns-field';
import { FieldRow } from './field-row';
import { FiltersField } from './filters-field';
import { useStepForm } from './form-context';
import { ValueBox } from './value-box';

export interface OptionProps {
  field: Field;
  /** The option's value, undefined when it is not written down. */
  value: Json | undefined;
  controlId: string;
}

/** Controls of options that know about columns; everything else is drawn like any field. */
const SPECIAL: Readonly<Record<string, (props: OptionProps) => ReactNode>> = {
  column: ColumnField,
  columns: ColumnsField,
  words: ColumnsField,
  'column-types': ColumnMapField,
  renames: ColumnMapField,
  filters: FiltersField,
};

/** One option of a ready-made step. `raw` is the text that is written down. */
export function OptionField({ field, raw }: { field: Field; raw: Json | undefined }) {
  const { entry } = useStepForm();
  const controlId = useId();
  const value = readOption(field.schema, raw);
  const Control = sourceOf(raw) === 'fixed' ? SPECIAL[field.widget] : undefined;
  return (
    <FieldRow
      pointer={field.pointer}
      label={field.title}
      controlId={controlId}
      hint={hintOf(field)}
      help={field.help}
    >
      {Control ? (
        <Control key={entry.name} field={field} value={value} controlId={controlId} />
      ) : (
        <ValueBox field={field} value={value} controlId={controlId} />
      )}
    </FieldRow>
  );
}
