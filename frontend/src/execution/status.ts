/** How a status is told: one kind (icon and colour) and one short word, the same on canvas, table, chip and timeline. */
import { formatDuration } from '../lib/format';
import type { ExecutionRow, ExecutionStatus, StepRow } from './types';

export type StatusKind =
  | 'waiting'
  | 'queued'
  | 'starting'
  | 'executing'
  | 'succeeded'
  | 'cached'
  | 'failed'
  | 'retrying'
  | 'stopping'
  | 'stopped'
  | 'skipped'
  | 'blocked'
  | 'person';

/** A colour of the theme: `var(--run)` and `var(--run-soft)`. */
export type StatusTone = 'wait' | 'run' | 'ok' | 'bad' | 'warn' | 'hand';

const TONES: Record<StatusKind, StatusTone> = {
  waiting: 'wait',
  queued: 'wait',
  starting: 'run',
  executing: 'run',
  succeeded: 'ok',
  cached: 'ok',
  failed: 'bad',
  retrying: 'warn',
  stopping: 'wait',
  stopped: 'wait',
  skipped: 'wait',
  blocked: 'wait',
  person: 'hand',
};

const NAMES: Record<StatusKind, string> = {
  waiting: 'Waiting',
  queued: 'Queued',
  starting: 'Starting',
  executing: 'Executing',
  succeeded: 'Succeeded',
  cached: 'Cached',
  failed: 'Failed',
  retrying: 'Retrying',
  stopping: 'Stopping',
  stopped: 'Stopped',
  skipped: 'Not taken',
  blocked: 'Blocked',
  person: 'Waiting for an answer',
};

export const statusTone = (kind: StatusKind): StatusTone => TONES[kind];
export const statusName = (kind: StatusKind): string => NAMES[kind];

export function stepKind(row: StepRow): StatusKind {
  switch (row.status) {
    case 'Waiting':
      return 'waiting';
    case 'Queued':
      return row.retry_due || row.attempt > 1 ? 'retrying' : 'queued';
    case 'Starting':
      return 'starting';
    case 'Executing':
      return row.waiting_for ? 'person' : 'executing';
    case 'Stopping':
      return row.waiting_for ? 'person' : 'stopping';
    case 'Stopped':
      return 'stopped';
    case 'Failed':
      return 'failed';
    case 'Succeeded':
      return row.cached || row.source_execution ? 'cached' : 'succeeded';
    case 'Skipped':
      return row.skip_reason === 'blocked' ? 'blocked' : 'skipped';
  }
}

export function executionKind(status: ExecutionStatus): StatusKind {
  switch (status) {
    case 'Executing':
      return 'executing';
    case 'Stopping':
      return 'stopping';
    case 'Stopped':
      return 'stopped';
    case 'Failed':
    case 'CompletedWithFailures':
      return 'failed';
    case 'Succeeded':
      return 'succeeded';
  }
}

export const executionName = (status: ExecutionStatus): string =>
  status === 'CompletedWithFailures' ? 'Completed with failures' : status;

const SKIPPED: Record<string, string> = { 'branch not taken': 'not taken', 'execution ended': 'not run' };

/** The word beside the icon: at most about a dozen characters. */
export function stepWord(row: StepRow, now: number): string {
  const kind = stepKind(row);
  switch (kind) {
    case 'executing':
    case 'starting':
      return kind === 'starting' && !row.started_at ? 'starting' : elapsed(secondsOf(row, now), 'clock');
    case 'succeeded':
      return decided(row) ?? elapsed(secondsOf(row, now), 'auto');
    case 'cached':
      return row.cached ? 'cached' : 'reused';
    case 'failed':
      return shortCause(row);
    case 'retrying':
      return row.retry_of ? `${row.attempt + (row.retry_due ? 1 : 0)} of ${row.retry_of}` : 'retrying';
    case 'person':
      return 'needs answer';
    case 'skipped':
      return SKIPPED[row.skip_reason ?? ''] ?? row.skip_reason ?? 'skipped';
    default:
      return statusName(kind).toLowerCase();
  }
}

/** Steps that are decided without an attempt (conditions, effects) have an outcome, not a duration. */
function decided(row: StepRow): string | null {
  if (row.attempt > 0) return null;
  return row.outcome === null ? 'done' : row.outcome ? 'if' : 'else';
}

const elapsed = (seconds: number | null, style: 'auto' | 'clock'): string =>
  seconds === null ? '' : formatDuration(seconds, style);

const CAUSES: Record<string, string> = {
  'out-of-memory': 'out of memory',
  timeout: 'timed out',
  'disk-full': 'disk full',
  input: 'bad input',
  'not-runnable': 'cannot run',
  lost: 'worker lost',
  'service-fault': 'service fault',
  callback: 'answered no',
};

/** Codes that say less than the exit code does. */
const UNSPOKEN = new Set(['exit-code', 'silent-exit', 'code-error', 'step-error']);
const CAUSE_WORDS: Record<string, string> = {
  'arguments-wrong': 'wrong arguments',
  'callback-failed': 'answered no',
  'disk-full': 'disk full',
  'environment-missing': 'variable missing',
  'fail-step': 'failed',
  'file-not-found': 'file missing',
  'file-unreadable': 'unreadable file',
  'image-not-mapped': 'unknown image',
  'model-missing': 'no model',
  'network-refused': 'no network',
  'one-class-only': 'one class only',
  'permission-denied': 'no access',
  'requirements-failed': 'install failed',
  'shape-mismatch': 'shapes differ',
  'type-not-runnable': 'cannot run',
  timeout: 'timed out',
};
const LONGEST_WORD = 18;

/** "column missing": a cause's code as the node shows it; null for one that tells nothing. */
function causeWord(code: string): string | null {
  if (UNSPOKEN.has(code)) return null;
  const words = CAUSE_WORDS[code] ?? code.replaceAll('-', ' ');
  return words.length <= LONGEST_WORD ? words : null;
}

/** "exit 3", "out of memory", "killed": what made a failed step fail, in two words. */
export function shortCause(
  row: Pick<StepRow, 'category' | 'exit_code' | 'failure_reason'> & Partial<Pick<StepRow, 'cause'>>,
): string {
  const named = row.cause ? causeWord(row.cause) : null;
  if (named) return named;
  const known = row.category ? CAUSES[row.category] : undefined;
  if (known) return known;
  const code = row.exit_code ?? codeIn(row.failure_reason);
  return code === null ? 'failed' : `exit ${code}`;
}

function codeIn(reason: string | null): number | null {
  const found = reason?.match(/\bexit(?:ed)?(?: with)?(?: (?:code|status))? (\d{1,3})\b/i);
  return found?.[1] ? Number(found[1]) : null;
}

/** Seconds a step's attempts have taken; null for what is cached, decided on the spot, or not begun. */
export function runSeconds(row: StepRow, now: number): number | null {
  return row.attempt === 0 || row.cached ? null : secondsOf(row, now);
}

/** Seconds from start to end, or to now; null before the start. `now` is the server's time in ms. */
export function secondsOf(row: Pick<StepRow, 'started_at' | 'ended_at'>, now: number): number | null {
  if (!row.started_at) return null;
  const end = row.ended_at ? Date.parse(row.ended_at) : now;
  return Math.max(0, (end - Date.parse(row.started_at)) / 1000);
}

/** What an execution is called: the name it was given, or a short form of its id. */
/** The name people gave the pipeline; its own where they gave none. */
export const pipelineTitle = (row: Pick<ExecutionRow, 'pipeline'>): string =>
  row.pipeline.display_name || row.pipeline.name;

export const executionTitle = (row: Pick<ExecutionRow, 'display_name' | 'id'>): string =>
  row.display_name || `run ${row.id.slice(0, 6)}`;
