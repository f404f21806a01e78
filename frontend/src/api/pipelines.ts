import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { QueuedEdit } from '@/pipeline/autosave';
import type { Json } from '@/pipeline/json';
import type { Problem } from '@/pipeline/problem';
import { printText } from '@/pipeline/text';
import { get, patch, post, remove, upload } from './client';
import type {
  Draft,
  DraftSaved,
  HistoryEntry,
  ObjectText,
  Page,
  PipelineRow,
  PipelineVersion,
  StoredCode,
} from './types';

const MISSING_AGAIN_MS = 10_000;

export const pipelineKeys = {
  all: ['pipelines'] as const,
  list: (search: string) => ['pipelines', 'list', search] as const,
  one: (id: string) => ['pipelines', 'one', id] as const,
  draft: (id: string) => ['pipelines', 'draft', id] as const,
  warnings: (id: string) => ['pipelines', 'warnings', id] as const,
  history: (id: string) => ['pipelines', 'history', id] as const,
  versions: (id: string) => ['pipelines', 'versions', id] as const,
};

export function pipelinesQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: pipelineKeys.list(search),
    queryFn: ({ pageParam, signal }) =>
      get<Page<PipelineRow>>(
        'pipelines/',
        { search: search || undefined, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

export function pipelineQuery(id: string) {
  return queryOptions({
    queryKey: pipelineKeys.one(id),
    queryFn: ({ signal }) => get<PipelineRow>(`pipelines/${id}/`, {}, signal),
  });
}

/** The draft as it is on the server now. Never served from a cache: the editor must start from the truth. */
export function draftQuery(id: string) {
  return queryOptions({
    queryKey: pipelineKeys.draft(id),
    queryFn: ({ signal }) => get<Draft>(`pipelines/${id}/draft/`, {}, signal),
    staleTime: 0,
    gcTime: 0,
  });
}

/** What is worth knowing before Run because of where the draft would run. Read live: workers come and go. */
export async function readWarnings(id: string, signal?: AbortSignal): Promise<Problem[]> {
  return (await get<{ problems: Problem[] }>(`pipelines/${id}/draft/warnings/`, {}, signal)).problems;
}

/**
 * Addresses steps read where nothing is stored yet, asked again for every saved revision. While one is missing it may
 * come from anywhere, so it is looked up again now and then.
 */
export function addressProblemsQuery(id: string, revision: number) {
  return queryOptions({
    queryKey: [...pipelineKeys.warnings(id), 'addresses', revision] as const,
    queryFn: async ({ signal }) => {
      const path = `pipelines/${id}/draft/warnings/`;
      return (await get<{ problems: Problem[] }>(path, { about: 'addresses' }, signal)).problems;
    },
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: true,
    refetchInterval: ({ state }) => (state.data && state.data.length > 0 ? MISSING_AGAIN_MS : false),
  });
}

export function historyQuery(id: string) {
  return queryOptions({
    queryKey: pipelineKeys.history(id),
    queryFn: ({ signal }) => get<Page<HistoryEntry>>(`pipelines/${id}/draft/commands/`, {}, signal),
  });
}

/** A version with its texts, which never change. */
export function versionQuery(id: string, number: number) {
  return queryOptions({
    queryKey: [...pipelineKeys.versions(id), number] as const,
    queryFn: ({ signal }) => get<{ definition: string }>(`pipelines/${id}/versions/${number}/`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The draft as that version is; undo brings back what was there. */
export function restoreVersion(id: string, number: number, revision: number): Promise<DraftSaved> {
  return post(`pipelines/${id}/versions/${number}/restore/`, { revision });
}

export function versionsQuery(id: string) {
  return queryOptions({
    queryKey: pipelineKeys.versions(id),
    queryFn: ({ signal }) => get<Page<PipelineVersion>>(`pipelines/${id}/versions/`, {}, signal),
  });
}

export interface NewPipeline {
  name: string;
  display_name?: string;
  description?: string;
  definition?: string;
  layout?: Json;
}

export function createPipeline(pipeline: NewPipeline): Promise<PipelineRow> {
  return post('pipelines/', pipeline);
}

export function changePipeline(
  id: string,
  change: Partial<Pick<PipelineRow, 'display_name' | 'description'>>,
): Promise<PipelineRow> {
  return patch(`pipelines/${id}/`, change);
}

export function deletePipeline(id: string): Promise<void> {
  return remove(`pipelines/${id}/`);
}

/** Numbers in the patches keep their spelling on the way, so this body is printed by our own printer. */
export function saveCommands(
  id: string,
  revision: number,
  commands: readonly QueuedEdit[],
): Promise<DraftSaved> {
  const body = {
    revision,
    commands: commands.map(({ name, label, definition, layout, definition_text }) => ({
      name,
      label,
      layout,
      ...(definition_text === undefined ? { definition } : { definition_text }),
    })),
  };
  return post(`pipelines/${id}/draft/commands/`, printText(body));
}

/** One step back or forth in the draft's log, whoever made it and in whatever session. */
export function stepDraft(id: string, revision: number, direction: 'undo' | 'redo'): Promise<DraftSaved> {
  return post(`pipelines/${id}/draft/${direction}/`, { revision });
}

/** The draft as it is now, outside the query cache. */
export function readDraft(id: string): Promise<Draft> {
  return get(`pipelines/${id}/draft/`);
}

export function publishPipeline(id: string, note: string): Promise<PipelineVersion> {
  return post(`pipelines/${id}/publish/`, note ? { note } : {});
}

export function exportAddress(id: string, withLayout: boolean): string {
  return `/api/pipelines/${id}/export/?source=draft&layout=${withLayout ? 1 : 0}`;
}

/** Keep a script as an immutable object; the same text gives the same address. `archive`: inside a tar.gz of that name. */
export function storeCode(id: string, fileName: string, text: string, archive?: string): Promise<StoredCode> {
  return post(`pipelines/${id}/code/`, { file_name: fileName, text, ...(archive ? { archive } : {}) });
}

/** Bring a file from this computer into the workspace; the same bytes get the same address. */
export function storeFile(id: string, file: Blob, fileName: string): Promise<StoredCode> {
  return upload(`pipelines/${id}/files/${encodeURIComponent(fileName)}/`, file);
}

/** The text of a stored object; `member`: of one file inside the archive it is. */
export function objectTextQuery(uri: string, member?: string) {
  return queryOptions({
    queryKey: ['objects', 'text', uri, member ?? ''] as const,
    queryFn: ({ signal }) => get<ObjectText>('objects/text/', { uri, member }, signal),
    enabled: uri !== '',
    retry: false,
  });
}
