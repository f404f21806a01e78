import { MultiSelect, TagsInput } from '@mantine/core';
import { items, text } from '@/pipeline/json';
import { OpenColumns } from './column-field';
import { useStepForm } from './form-context';
import type { OptionProps } from './option-field';
import { useColumns } from './use-columns';

/** Several columns of the table that arrives, or several words. */
export function ColumnsField({ field, value, controlId }: OptionProps) {
  const form = useStepForm();
  const { names: known, open } = useColumns(field);
  const chosen = items(value).flatMap((entry) => text(entry) ?? []);
  const shared = {
    id: controlId,
    'aria-label': field.title,
    value: chosen,
    disabled: form.readOnly,
    placeholder: chosen.length > 0 ? '' : (text(field.schema['x-placeholder']) ?? ''),
    onChange: (names: string[]) => form.write(field.pointer, names.length > 0 ? names : undefined),
  };
  if (field.widget === 'words' || known === null) return <TagsInput {...shared} clearable />;
  if (open.length > 0) {
    return (
      <>
        <TagsInput {...shared} data={[...known]} limit={500} clearable />
        <OpenColumns open={open} names={known} />
      </>
    );
  }
  const names = new Set([...known, ...chosen]);
  return <MultiSelect {...shared} data={[...names]} searchable clearable limit={500} hidePickedOptions />;
}
