import type { ExecutionRow, ExecutionStatus, StepRow } from '@/execution/types';
import type { Layout } from '@/pipeline/layout';
import type { Patch } from '@/pipeline/patch';
import type { Problem } from '@/pipeline/problem';

export type { ExecutionRow, ExecutionStatus, StepRow };

/** Rows as the server sends them. */

export interface Session {
  user: { username: string; display_name: string; has_password: boolean };
  workspace: { id: string; name: string; account_id: string; default_bucket: string };
  role: 'viewer' | 'operator' | 'editor' | 'admin';
  permissions: string[];
  runner: { kind: string; reason: string; trusted_only: boolean };
  version: string;
  last_pipeline_id: string | null;
}

export interface PipelineRow {
  id: string;
  name: string;
  display_name: string;
  description: string;
  updated_at: string;
  revision: number;
  latest_version: number | null;
  step_count: number;
  problem_count: number;
  last_execution: {
    id: string;
    status: ExecutionStatus;
    started_at: string;
    duration_seconds: number | null;
  } | null;
}

export interface Page<T> {
  results: T[];
  next: string | null;
}

export interface Draft {
  revision: number;
  definition: string;
  layout: Layout;
  problems: Problem[];
  base_version: number | null;
  changes_since_version: number;
  saved_at: string;
}

export interface DraftCommand {
  name: string;
  label: string;
  definition?: Patch;
  layout?: Patch;
  definition_text?: string;
}

export interface DraftSaved {
  revision: number;
  problems: Problem[];
  saved_at: string;
  changes_since_version: number;
}

export interface PipelineVersion {
  number: number;
  note: string;
  created_at: string;
  created_by: string;
  sha256: string;
}

export interface HistoryEntry {
  revision: number;
  actor: string;
  name: string;
  label: string;
  at: string;
}

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
