import { describe, expect, it } from 'vitest';
import { aStep } from '@/testing/execution';
import { pipelineTitle, shortCause, stepKind, stepWord } from './status';

const NOW = Date.parse('2026-11-23T14:00:41.900Z');
const STARTED = '2026-11-23T14:00:00Z';

describe('the word of a step', () => {
  it.each([
    [aStep('a'), 'waiting', 'waiting'],
    [aStep('a', { status: 'Queued' }), 'queued', 'queued'],
    [aStep('a', { status: 'Executing', started_at: STARTED }), 'executing', '0:41'],
    [
      aStep('a', {
        status: 'Succeeded',
        attempt: 1,
        started_at: STARTED,
        ended_at: '2026-11-23T14:00:12.400Z',
      }),
      'succeeded',
      '12.4 s',
    ],
    [aStep('a', { status: 'Succeeded', started_at: STARTED, outcome: true }), 'succeeded', 'if'],
    [aStep('a', { status: 'Succeeded', started_at: STARTED }), 'succeeded', 'done'],
    [aStep('a', { status: 'Succeeded', cached: true, source_execution: 'e' }), 'cached', 'cached'],
    [aStep('a', { status: 'Failed', exit_code: 3, category: 'user-code' }), 'failed', 'exit 3'],
    [aStep('a', { status: 'Failed', category: 'out-of-memory', exit_code: 137 }), 'failed', 'out of memory'],
    [aStep('a', { status: 'Queued', attempt: 1, retry_due: STARTED, retry_of: 3 }), 'retrying', '2 of 3'],
    [aStep('a', { status: 'Skipped', skip_reason: 'branch not taken' }), 'skipped', 'not taken'],
    [aStep('a', { status: 'Skipped', skip_reason: 'blocked' }), 'blocked', 'blocked'],
    [aStep('a', { status: 'Stopped' }), 'stopped', 'stopped'],
  ] as const)('%#: %o', (row, kind, word) => {
    expect(stepKind(row)).toBe(kind);
    expect(stepWord(row, NOW)).toBe(word);
  });

  it('reads the exit code from the reason when the row has none', () => {
    expect(shortCause({ category: 'user-code', exit_code: null, failure_reason: 'Exited with code 3' })).toBe(
      'exit 3',
    );
    const facts = { category: 'user-code', exit_code: 1, failure_reason: null };
    expect(shortCause({ ...facts, cause: 'column-missing' })).toBe('column missing');
    expect(shortCause({ ...facts, cause: 'image-not-mapped' })).toBe('unknown image');
    expect(shortCause({ ...facts, cause: 'code-error' })).toBe('exit 1');
    expect(shortCause({ ...facts, cause: 'a-code-nobody-has-seen-before' })).toBe('exit 1');
    expect(shortCause({ category: null, exit_code: null, failure_reason: 'Model too weak' })).toBe('failed');
  });
});

it('tells a step that waits for somebody outside apart from one that runs', () => {
  const asking = aStep('Ask', {
    status: 'Executing',
    waiting_for: 'an answer',
    started_at: '2026-11-23T14:00:00Z',
  });
  expect(stepKind(asking)).toBe('person');
  expect(stepWord(asking, Date.parse('2026-11-23T15:00:00Z'))).toBe('needs answer');
  expect(stepKind({ ...asking, status: 'Stopping' })).toBe('person');
  expect(stepKind({ ...asking, waiting_for: null })).toBe('executing');
});

it('calls a pipeline by the name people gave it', () => {
  const pipeline = { id: 'p', name: 'kundigungen', display_name: 'Kündigungen' };
  expect(pipelineTitle({ pipeline })).toBe('Kündigungen');
  expect(pipelineTitle({ pipeline: { ...pipeline, display_name: '' } })).toBe('kundigungen');
});
