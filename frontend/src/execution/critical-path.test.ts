import { describe, expect, it } from 'vitest';
import { criticalPath, pathSeconds } from './critical-path';
import type { Span } from './timeline';

const span = (queuedAt: number, endedAt: number | null): Span => ({
  attempt: 1,
  queuedAt,
  startingAt: queuedAt,
  executingAt: queuedAt,
  endedAt,
  end: endedAt === null ? null : 'succeeded',
});
const wires = [
  { source: 'Split', target: 'Fast' },
  { source: 'Split', target: 'Slow' },
  { source: 'Fast', target: 'Evaluate' },
  { source: 'Slow', target: 'Evaluate' },
];

describe('the critical path', () => {
  it('runs through the producer that ended last', () => {
    const spans = new Map([
      ['Split', [span(0, 1_000)]],
      ['Fast', [span(1_000, 2_000)]],
      ['Slow', [span(1_000, 9_000)]],
      ['Evaluate', [span(9_000, 10_000)]],
    ]);
    const path = criticalPath(spans, wires, 99_000);
    expect(path).toEqual(['Split', 'Slow', 'Evaluate']);
    expect(pathSeconds(spans, path, 99_000)).toBe(10);
  });

  it('ends at what still runs', () => {
    const spans = new Map([
      ['Split', [span(0, 1_000)]],
      ['Slow', [span(1_000, null)]],
    ]);
    const path = criticalPath(spans, wires, 5_000);
    expect(path).toEqual(['Split', 'Slow']);
    expect(pathSeconds(spans, path, 5_000)).toBe(5);
  });

  it('is empty before anything happened, and ends in a loop of wires', () => {
    expect(criticalPath(new Map(), wires, 0)).toEqual([]);
    expect(pathSeconds(new Map(), [], 0)).toBe(0);
    const loop = [
      { source: 'A', target: 'B' },
      { source: 'B', target: 'A' },
    ];
    const spans = new Map([
      ['A', [span(0, 1)]],
      ['B', [span(0, 2)]],
    ]);
    expect(criticalPath(spans, loop, 3)).toEqual(['A', 'B']);
  });
});
