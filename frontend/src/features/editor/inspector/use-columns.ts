import { useQuery } from '@tanstack/react-query';
import { type Column, draftColumnsQuery } from '@/api/columns';
import type { Field } from '@/pipeline/form';
import { items, text } from '@/pipeline/json';
import { useEditor, useScene } from '../editor-context';
import { useStepForm } from './form-context';

/** The columns a field may name: those at the input its schema points to; null where they are not known yet. */
export function useColumns(field: Field): readonly Column[] | null {
  const { pipeline, store } = useScene();
  const { entry } = useStepForm();
  useEditor((state) => state.save); // a saved edit moves the revision on
  const columns = useQuery(draftColumnsQuery(pipeline.id, store.getState().revision()));
  const port = text(field.schema['x-port']) ?? '';
  const found = columns.data?.steps[entry.name]?.inputs[port] ?? null;
  const types = items(field.schema['x-types']);
  return found && types.length > 0 ? found.filter((column) => types.includes(column.type)) : found;
}
