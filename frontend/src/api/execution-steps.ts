import { queryOptions } from '@tanstack/react-query';
import type { EventFrame, StepRow } from '@/execution/types';
import { get, post } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

/** Why a step failed, in plain words, with what can be done about it. */
export type Failure = Required<Schemas['Failure']>;
export type Repair = Required<Schemas['Repair']>;

/** What a Callback step asked outside. */
export type Callback = Required<Schemas['Callback']>;
export type CallbackOutput = Required<Schemas['CallbackOutput']>;

export interface ArtifactFile {
  key: string;
  uri: string;
  size: number;
  sha256: string;
  media_type: string;
  /** Signed and short-lived: ask for the step again rather than keep it. */
  url: string;
}

export interface StepInput {
  name: string;
  uri: string;
  files: number;
  size: number;
}

export interface StepOutput {
  name: string;
  uri: string;
  files: ArtifactFile[];
}

export interface AttemptUsage {
  startup_seconds?: number | null;
  run_seconds?: number | null;
  cpu_seconds?: number | null;
  peak_memory_bytes?: number | null;
  input_bytes?: number;
  output_bytes?: number;
  log_bytes?: number;
}

export interface AttemptRow {
  number: number;
  status: string;
  worker: string | null;
  runner: string | null;
  created_at: string | null;
  claimed_at: string | null;
  executing_at: string | null;
  ended_at: string | null;
  exit_code: number | null;
  signal: number | null;
  out_of_memory: boolean;
  reason: string | null;
  category: string | null;
  usage: AttemptUsage;
  log_bytes: number;
  log_raw_bytes: number | null;
}

export interface StepDetail extends StepRow {
  arguments: unknown;
  description: unknown;
  job_name: string | null;
  property_files: Record<string, unknown>;
  inputs: StepInput[];
  outputs: StepOutput[];
  attempt_list: AttemptRow[];
  /** Why the step ran again instead of taking known outputs, field by field. */
  cache: { key: string; why: string[] } | null;
  callback: Callback | null;
  failure: Failure | null;
}

export interface LogPage {
  attempt: number;
  offset: number;
  next_offset: number;
  text: string;
  complete: boolean;
  truncated: boolean;
  raw_bytes: number | null;
}

const stepPath = (execution: string, step: string): string =>
  `executions/${encodeURIComponent(execution)}/steps/${encodeURIComponent(step)}/`;

/** Another text whenever something happened to the step. */
export const versionOf = (row: StepRow | undefined): string =>
  row ? `${row.status} ${row.attempt} ${row.started_at} ${row.ended_at}` : '';

/** `version` changes whenever the row does, so details are read again exactly when something happened. */
export function stepDetailQuery(execution: string, step: string, iteration: number, version: string) {
  return queryOptions({
    queryKey: ['executions', 'step', execution, step, iteration, version] as const,
    queryFn: ({ signal }) => get<StepDetail>(stepPath(execution, step), iterationOf(iteration), signal),
    placeholderData: (before) =>
      before?.name === step && before.iteration === iteration ? before : undefined,
    staleTime: 30_000,
  });
}

export function readLog(
  execution: string,
  step: string,
  page: { iteration: number; attempt: number; offset: number },
  signal?: AbortSignal,
): Promise<LogPage> {
  const { iteration, attempt, offset } = page;
  const query = { ...iterationOf(iteration), attempt, offset, limit: 1_048_576 };
  return get<LogPage>(`${stepPath(execution, step)}logs/`, query, signal);
}

/** Where an attempt's log can be saved from, byte for byte as it was printed. */
export function rawLogUrl(execution: string, step: string, iteration: number, attempt: number): string {
  const query = new URLSearchParams({ attempt: String(attempt) });
  for (const [name, value] of Object.entries(iterationOf(iteration) ?? {})) query.set(name, String(value));
  return `/api/${stepPath(execution, step)}logs/raw/?${query}`;
}

export function readEvents(
  execution: string,
  since: number,
  signal?: AbortSignal,
): Promise<{ events: EventFrame[]; sequence: number }> {
  return get(`executions/${encodeURIComponent(execution)}/events/`, { since }, signal);
}

function iterationOf(iteration: number): { iteration?: number } {
  return iteration < 0 ? {} : { iteration };
}

/** Makes an offered repair in the pipeline's draft. */
export function repairStep(
  execution: string,
  step: string,
  iteration: number,
  repair: string,
): Promise<{ pipeline: string; revision: number; label: string }> {
  return post(`${stepPath(execution, step)}repair/${suffixOf(iteration)}`, { repair });
}

/** Answers a waiting step: its outputs as texts, by name. */
export function completeStep(
  execution: string,
  step: string,
  iteration: number,
  outputs: Record<string, string>,
): Promise<unknown> {
  return post(`${stepPath(execution, step)}complete/${suffixOf(iteration)}`, { outputs });
}

/** Answers a waiting step with a failure. */
export function failStep(
  execution: string,
  step: string,
  iteration: number,
  reason: string,
): Promise<unknown> {
  return post(`${stepPath(execution, step)}fail/${suffixOf(iteration)}`, { reason });
}

const suffixOf = (iteration: number): string => (iteration < 0 ? '' : `?iteration=${iteration}`);
