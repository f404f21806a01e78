import { queryOptions } from '@tanstack/react-query';
import type { ColumnPage, ColumnsWanted, Summary } from '@/execution/summary';
import { get } from './client';
import type { StoredTable } from './datasets';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type ResultFile = Required<Schemas['ResultFile']>;
export type ResultOutput = Omit<Required<Schemas['ResultOutput']>, 'summary'> & { summary: Summary | null };
export type TextPiece = Required<Schemas['TextPiece']>;

/** Which step of which execution; `iteration` is -1 outside a ForEach. */
export interface StepPlace {
  execution: string;
  step: string;
  iteration: number;
}

const path = ({ execution, step }: StepPlace): string =>
  `executions/${encodeURIComponent(execution)}/steps/${encodeURIComponent(step)}/`;

const iterationOf = ({ iteration }: StepPlace): { iteration?: number } =>
  iteration < 0 ? {} : { iteration };

/** `version` changes whenever the step's row does. */
export function stepResultsQuery(place: StepPlace, version: string) {
  return queryOptions({
    queryKey: ['executions', 'results', place, version] as const,
    queryFn: ({ signal }) =>
      get<{ outputs: ResultOutput[] }>(`${path(place)}results/`, iterationOf(place), signal),
    staleTime: 60_000,
  });
}

/** The beginning of a file. */
export function fileTextQuery(place: StepPlace, key: string) {
  return queryOptions({
    queryKey: ['executions', 'text', place, key] as const,
    queryFn: ({ signal }) =>
      get<TextPiece>(`${path(place)}files/text/`, { ...iterationOf(place), key }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** An address of a file that stays good: it leads to a fresh short-lived link each time. */
export function fileHref(place: StepPlace, key: string): string {
  const search = new URLSearchParams({ key });
  if (place.iteration >= 0) search.set('iteration', String(place.iteration));
  return `/api/${path(place)}files/?${search}`;
}

/** What a table file of the step holds, read by the server within limits. */
export function fileTableQuery(place: StepPlace, key: string) {
  return queryOptions({
    queryKey: ['executions', 'table', place, key] as const,
    queryFn: ({ signal }) =>
      get<StoredTable>(`${path(place)}files/table/`, { ...iterationOf(place), key }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Columns of a table file of the step, a page at a time. */
export function fileColumns(place: StepPlace, key: string) {
  return {
    key: ['executions', 'table', place, key] as const,
    page: (wanted: ColumnsWanted, signal: AbortSignal) =>
      get<ColumnPage>(`${path(place)}files/columns/`, { ...iterationOf(place), key, ...wanted }, signal),
  };
}

/** Rows and columns of the one table in an output; nulls where there is none that can be read. */
export function outputFiguresQuery(place: StepPlace, output: string, version: string) {
  return queryOptions({
    queryKey: ['executions', 'figures', place, output, version] as const,
    queryFn: ({ signal }) =>
      get<{ rows: number | null; exact: boolean; columns: number | null }>(
        `${path(place)}figures/`,
        { ...iterationOf(place), output },
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Where a table file of the step is saved from as CSV, whatever its format. */
export function fileCsvHref(place: StepPlace, key: string): string {
  return fileHref(place, key).replace('/files/?', '/files/csv/?');
}
