import type { ExecutionRow, ExecutionStatus, StepRow } from '@/execution/types';
import type { Json } from '@/pipeline/json';
import type { Problem } from '@/pipeline/problem';
import type { components } from './schema.gen';

/** Answers of the server, by the names the studio uses. The shapes come from the server's own schema. */
type Schemas = components['schemas'];

/** Members that a request may leave out are always there in an answer. */
type Answer<Name extends keyof Schemas> = Required<Schemas[Name]>;

export type { ExecutionRow, ExecutionStatus, StepRow };

export interface Page<T> {
  results: T[];
  next: string | null;
}

export type Session = Omit<Answer<'Session'>, 'permissions'> & { permissions: readonly string[] };
export type PipelineRow = Answer<'PipelineRow'>;
export type PipelineVersion = Answer<'VersionRow'>;
export type HistoryEntry = Answer<'HistoryRow'>;
export type ApiTokenRow = Answer<'Token'>;
export type CreatedToken = Answer<'TokenCreated'>;
export type StoredCode = Answer<'StoredObject'>;
export type ObjectText = Answer<'TextObject'>;
export type ImageRow = Answer<'Image'>;
/** What a line of the table of images is made of; the server fills in what is left out. */
export type ImageChange = Schemas['ImageCreateRequest'];

export type Readiness = Answer<'Readiness'>;
export type UriMapping = Answer<'UriMapping'>;
export type UriMappingList = Answer<'UriMappingList'>;
export type Schedule = Answer<'Schedule'>;
export type SchedulePreview = Answer<'SchedulePreview'>;
export type ScheduleCreate = Schemas['ScheduleCreateRequest'];
export type ScheduleChange = Schemas['PatchedScheduleChangeRequest'];

/** The schema says "some value" inside patches and layouts; the studio knows that it is JSON. */
export type DraftSaved = Omit<Answer<'Saved'>, 'problems'> & { problems: Problem[] };
export type Draft = Omit<Answer<'Draft'>, 'problems' | 'layout'> & { problems: Problem[]; layout: Json };

export interface ExecutionDetail extends ExecutionRow {
  sequence: number;
  definition: string;
  /** As text, like the definition: both are copies of what was started. */
  layout: string;
  steps: StepRow[];
  parallelism: number | null;
  selective: unknown;
  version: number | null;
}
