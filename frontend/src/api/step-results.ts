import { queryOptions } from '@tanstack/react-query';
import type { Summary } from '@/execution/summary';
import { get } from './client';
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
      get<Summary>(`${path(place)}files/table/`, { ...iterationOf(place), key }, signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
