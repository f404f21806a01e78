import { describe, expect, it } from 'vitest';
import { readLayout } from '@/pipeline/layout';
import { canvasView } from '@/pipeline/view';
import { CATALOG } from '@/testing/catalog';
import { draft, outputOf, processing, training } from '@/testing/definitions';
import { shapesOf } from './far-wires';
import type { WireState } from './sources';

const documents = draft(
  [
    processing('Split', ['train', 'test']),
    training('A', outputOf('Split', 'train')),
    training('B', outputOf('Split', 'test')),
    processing('Alarm', [], { DependsOn: [{ Step: 'A', Trigger: 'Failed' }] }),
  ],
  { Split: { x: 0, y: 0 }, A: { x: 280, y: 0 }, B: { x: 280, y: 100 }, Alarm: { x: 560, y: 0 } },
);
const { nodes, edges } = canvasView(documents.definition, readLayout(documents.layout), CATALOG);

const NO_LANES = new Map();

describe('wires seen from afar', () => {
  it('are one shape per look', () => {
    const shapes = shapesOf(nodes, edges, NO_LANES, { get: () => undefined });
    expect([...shapes.keys()]).toEqual(['plain', 'failure']);
    expect(shapes.get('plain')?.match(/M/g)).toHaveLength(2);
  });

  it('take the colour of what runs through them', () => {
    const states = new Map<string, WireState>(
      edges.filter((edge) => edge.target === 'A').map((edge) => [edge.id, 'passed']),
    );
    const shapes = shapesOf(nodes, edges, NO_LANES, states);
    expect([...shapes.keys()]).toEqual(['plain', 'failure', 'passed']);
  });

  it('begin at their dot and end at the step', () => {
    const shapes = shapesOf(nodes, edges.slice(0, 1), NO_LANES, { get: () => undefined });
    expect(shapes.get('plain')).toMatch(/^M208 21\.3/);
    expect(shapes.get('plain')).toMatch(/280 32$/);
  });
});
