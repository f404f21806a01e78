import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ColumnPage, ColumnsWanted, Summary } from '@/execution/summary';
import { get, patch, post, put, remove } from './client';
import type { components } from './schema.gen';
import { type Sent, sendFile } from './send-file';
import type { Page } from './types';

type Schemas = components['schemas'];
type Answer<Name extends keyof Schemas> = Required<Schemas[Name]>;

export interface ReadOptions {
  delimiter?: string | null;
  encoding?: string | null;
  header?: boolean | null;
  decimal?: string | null;
  types?: Record<string, string>;
}
export type DatasetVersion = Omit<Answer<'DatasetVersion'>, 'options' | 'found'> & {
  options: ReadOptions;
  found: ReadOptions;
};
export type DatasetRow = Omit<Answer<'DatasetRow'>, 'latest'> & { latest: DatasetVersion };
export type Dataset = Omit<Answer<'Dataset'>, 'latest' | 'versions'> & {
  latest: DatasetVersion;
  versions: DatasetVersion[];
};
export type UploadedDataset = Dataset & { unchanged: boolean };
export type SampleDataset = Answer<'SampleDataset'>;

/** What is in a stored table, and how its file was read. */
export interface StoredTable extends Summary {
  /** All of them; `columns` holds the first ones. */
  column_count: number;
  /** The first rows, which the facts are about; null when every row was read. */
  sample: { rows: number; exact: boolean } | null;
  file: {
    kind: string;
    delimiter?: string;
    encoding?: string;
    header?: boolean;
    decimal?: string;
    line_ends?: string[];
  };
  profile: 'ready' | 'running' | 'none' | 'failed';
  profile_failure?: string;
}

export const datasetKeys = {
  all: ['datasets'] as const,
  list: (search: string) => ['datasets', 'list', search] as const,
  one: (id: string) => ['datasets', 'one', id] as const,
  samples: ['datasets', 'samples'] as const,
  table: (uri: string, options: ReadOptions) => ['datasets', 'table', uri, options] as const,
};

export function datasetsQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: datasetKeys.list(search),
    queryFn: ({ pageParam, signal }) =>
      get<Page<DatasetRow>>(
        'datasets/',
        { search: search || undefined, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function datasetQuery(id: string) {
  return queryOptions({
    queryKey: datasetKeys.one(id),
    queryFn: ({ signal }) => get<Dataset>(`datasets/${id}/`, {}, signal),
  });
}

export function samplesQuery() {
  return queryOptions({
    queryKey: datasetKeys.samples,
    queryFn: async ({ signal }) =>
      (await get<{ results: SampleDataset[] }>('datasets/samples/', {}, signal)).results,
  });
}

/** The table of a version; asks again every second while all of it is being read. */
export function datasetTableQuery(version: Pick<DatasetVersion, 'uri' | 'options'>) {
  return queryOptions({
    queryKey: datasetKeys.table(version.uri, version.options),
    queryFn: ({ signal }) => get<StoredTable>('objects/table/', { uri: version.uri }, signal),
    refetchInterval: (query) => (query.state.data?.profile === 'running' ? 1000 : false),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}

/** Columns of a stored table, a page at a time. */
export function tableColumns(version: Pick<DatasetVersion, 'uri' | 'options'>) {
  return {
    key: datasetKeys.table(version.uri, version.options),
    page: (wanted: ColumnsWanted, signal: AbortSignal) =>
      get<ColumnPage>('objects/table/columns/', { uri: version.uri, ...wanted }, signal),
  };
}

/** Where a stored table of any format is saved from as CSV. */
export function tableCsvHref(uri: string): string {
  return `/api/objects/table/csv/?${new URLSearchParams({ uri })}`;
}

export function readWhole(uri: string): Promise<StoredTable> {
  return get('objects/table/', { uri, full: true });
}

/** The dataset with exactly this name, or null. */
export async function datasetNamed(name: string): Promise<DatasetRow | null> {
  const found = await get<Page<DatasetRow>>('datasets/', { search: name, limit: 200 });
  return found.results.find((row) => row.name === name) ?? null;
}

/** The dataset as an upload of the bytes its newest version has would answer. */
export async function datasetAsIs(id: string): Promise<UploadedDataset> {
  return { ...(await get<Dataset>(`datasets/${id}/`)), unchanged: true };
}

export function uploadDataset(
  file: File,
  name: string,
  isNew: boolean,
  following: { onProgress(at: Sent): void; signal: AbortSignal },
): Promise<UploadedDataset> {
  const search = new URLSearchParams({ name, ...(isNew ? { new: 'true' } : {}) });
  return sendFile(`datasets/files/${encodeURIComponent(file.name)}/?${search}`, file, following);
}

export function takeSample(id: string): Promise<UploadedDataset> {
  return post(`datasets/samples/${id}/`);
}

export function changeDataset(id: string, change: { name?: string; description?: string }): Promise<Dataset> {
  return patch(`datasets/${id}/`, change);
}

export function changeReading(id: string, number: number, options: ReadOptions): Promise<Dataset> {
  return put(`datasets/${id}/versions/${number}/reading/`, options);
}

export function deleteDataset(id: string): Promise<void> {
  return remove(`datasets/${id}/`);
}

export async function downloadLink(id: string, number: number): Promise<string> {
  return (await get<{ url: string }>(`datasets/${id}/versions/${number}/link/`)).url;
}
