import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anExecution, aStep, snapshotOf, stateOf } from '@/testing/execution';
import { applyEvent } from './apply-event';
import { ExecutionStore } from './store';
import { timeline } from './timeline';
import { type EventFrame, type StepRow, stepKey } from './types';

/** The histories Python replays too: both sides have to end with the same rows. */
const FOLDER = resolve(import.meta.dirname, '../../../tests/golden/histories');

interface History {
  title: string;
  events: EventFrame[];
  execution: Record<string, unknown>;
  steps: Record<string, Partial<StepRow>>;
}

const histories = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file): History => JSON.parse(readFileSync(resolve(FOLDER, file), 'utf-8')));

const beginning = (history: History) =>
  stateOf(
    Object.keys(history.steps).map((name) => aStep(name, { metrics: {} })),
    0,
    anExecution(),
  );

describe('recorded histories', () => {
  it('are there', () => {
    expect(histories.length).toBeGreaterThan(10);
  });

  it.each(histories)('$title: the events lead to the recorded rows', (history) => {
    const end = history.events.reduce(applyEvent, beginning(history));
    expect(end.sequence).toBe(history.events.length);
    expect(end.execution).toMatchObject(history.execution);
    for (const [name, row] of Object.entries(history.steps)) {
      expect({ step: name, ...end.steps.get(name) }).toMatchObject({ step: name, ...row });
    }
  });

  it.each(histories)(
    '$title: the same rows come out of a store that is fed twice and in pieces',
    (history) => {
      const store = new ExecutionStore((callback) => callback());
      store.reset(snapshotOf(beginning(history)));
      for (let at = 0; at < history.events.length; at += 3) {
        expect(store.apply(history.events.slice(Math.max(0, at - 2), at + 3))).toBe('applied');
      }
      const rows = new Map(store.steps().map((row) => [stepKey(row.name, row.iteration), row]));
      for (const [name, row] of Object.entries(history.steps)) expect(rows.get(name)).toMatchObject(row);
      expect(store.missingAfter()).toBeNull();
    },
  );

  it.each(histories)('$title: no attempt is left open on the timeline of what has ended', (history) => {
    const spans = timeline(history.events);
    for (const [name, row] of Object.entries(history.steps)) {
      const list = spans.get(name) ?? [];
      expect(list.filter((span) => span.endedAt === null)).toEqual([]);
      if (row.status === 'Skipped' || row.status === 'Waiting') continue;
      expect(list.length).toBeGreaterThan(0);
    }
  });
});
