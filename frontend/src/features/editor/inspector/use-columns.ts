import { useQuery } from '@tanstack/react-query';
import { type Column, draftColumnsQuery } from '@/api/columns';
import type { Field } from '@/pipeline/form';
import { items, text } from '@/pipeline/json';
import { useEditor, useScene } from '../editor-context';
import { useStepForm } from './form-context';

export interface KnownColumns {
  /** Null where nobody knows them yet. */
  columns: readonly Column[] | null;
  names: readonly string[] | null;
  /** Beginnings of names of which only a run knows how many there are. */
  open: readonly string[];
  /** They are being looked up. */
  waiting: boolean;
}

/** The columns a field may name: those at the input its schema points to. */
export function useColumns(field: Field): KnownColumns {
  const { pipeline, store } = useScene();
  const { entry } = useStepForm();
  const save = useEditor((state) => state.save); // a saved edit moves the revision on
  const query = useQuery({
    ...draftColumnsQuery(pipeline.id, store.getState().revision()),
    enabled: save.kind === 'saved',
  });
  const port = text(field.schema['x-port']) ?? '';
  const found = query.data?.steps[entry.name]?.inputs[port] ?? null;
  const types = items(field.schema['x-types']);
  const told = found?.filter((column) => !column.open) ?? null;
  const columns = told && types.length > 0 ? told.filter((column) => types.includes(column.type)) : told;
  return {
    columns,
    names: columns?.map((column) => column.name) ?? null,
    open: found?.flatMap((column) => (column.open ? column.name : [])) ?? [],
    waiting: columns === null && (query.isFetching || save.kind !== 'saved'),
  };
}
