import { describe, expect, it } from 'vitest';
import { CATALOG } from '@/testing/catalog';
import { condition, draft, outputOf, processing, training } from '@/testing/definitions';
import { arrange } from './arrange';
import { columnsOf } from './columns';
import { NODE_HEIGHT, NODE_WIDTH, readLayout } from './layout';
import { canvasView } from './view';
import { neighbour } from './walk';

const STEPS = [
  processing('Split', ['train', 'test']),
  training('Train', outputOf('Split', 'train')),
  condition(
    'Gate',
    [{ Name: 'Register', Type: 'RegisterModel', Arguments: {} }],
    [{ Name: 'Stop', Type: 'Fail', Arguments: {} }],
  ),
  { Name: 'Odd', Type: 'Quantum', Arguments: {} },
];
const view = (nodes = {}) => {
  const documents = draft(STEPS, nodes);
  return canvasView(documents.definition, readLayout(documents.layout), CATALOG);
};
const node = (name: string) => view().nodes.find((candidate) => candidate.id === name);

describe('the canvas of a definition', () => {
  it('gives each output a dot, a condition its two branches, and a Fail step none', () => {
    expect(node('Split')?.outputs.map((port) => port.id)).toEqual(['output:train', 'output:test']);
    expect(node('Gate')?.outputs.map((port) => port.id)).toEqual(['if', 'else']);
    expect(node('Stop')?.outputs).toEqual([]);
    expect(node('Train')?.outputs.map((port) => port.id)).toEqual(['model']);
  });

  it('shows one fact beside the type', () => {
    expect(node('Train')).toMatchObject({ typeTitle: 'Train model', fact: 'm5.large', family: 'train' });
  });

  it('counts a data step with a report among the checks', () => {
    const evaluate = processing('E', ['o'], {
      PropertyFiles: [{ PropertyFileName: 'R', OutputName: 'o', FilePath: 'r.json' }],
    });
    expect(canvasView({ Steps: [evaluate] }, readLayout({}), CATALOG).nodes[0]?.family).toBe('check');
  });

  it('draws a step of an unknown type as what it is', () => {
    expect(node('Odd')).toMatchObject({ known: false, typeTitle: 'Quantum', family: 'unknown' });
  });

  it('lets a wire leave from the dot of its output', () => {
    expect(view().edges.find((edge) => edge.kind === 'data')?.sourcePort).toBe('output:train');
    expect(view().edges.find((edge) => edge.target === 'Stop')?.sourcePort).toBe('else');
  });

  it('keeps stored places to the pixel and puts the others below, never on top of one another', () => {
    const { nodes } = view({ Split: { x: 13, y: 7 } });
    expect(nodes[0]).toMatchObject({ x: 13, y: 7 });
    for (const a of nodes) {
      for (const b of nodes) {
        if (a !== b)
          expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true);
      }
    }
  });

  it('is derived for 1,000 steps in well under a frame budget of a quarter second', () => {
    const steps = Array.from({ length: 1000 }, (_, index) =>
      processing(`S${index}`, ['o'], { DependsOn: index > 2 ? [`S${index - 1}`, `S${index - 3}`] : [] }),
    );
    const start = performance.now();
    expect(canvasView({ Steps: steps }, readLayout({}), CATALOG).edges.length).toBeGreaterThan(1900);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('tidy', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((id) => ({ id, x: 100, y: 100 }));
  const edges = [
    { source: 'a', target: 'b' },
    { source: 'a', target: 'c' },
    { source: 'b', target: 'd' },
    { source: 'c', target: 'd' },
  ];

  it('puts every step right of what it waits for, on the grid, without overlap', () => {
    const places = arrange(nodes, edges);
    for (const { source, target } of edges)
      expect(places[source]?.x ?? 0).toBeLessThan(places[target]?.x ?? 0);
    for (const at of Object.values(places)) expect([at.x % 20, at.y % 20]).toEqual([0, 0]);
    expect(new Set(Object.values(places).map((at) => `${at.x} ${at.y}`)).size).toBe(4);
  });

  it('begins where the steps began', () => {
    const places = Object.values(arrange(nodes, edges));
    expect(Math.min(...places.map((at) => at.x))).toBe(100);
    expect(Math.min(...places.map((at) => at.y))).toBe(100);
  });

  it('lays out 2,000 steps by layers at once', () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ id: `s${index}`, x: 0, y: 0 }));
    const chain = many
      .slice(1)
      .map((step, index) => ({ source: `s${Math.floor(index / 3)}`, target: step.id }));
    const start = performance.now();
    expect(Object.keys(arrange(many, chain))).toHaveLength(2000);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('survives a loop', () => {
    expect(
      columnsOf(
        ['a', 'b', 'c'],
        [
          { source: 'b', target: 'c' },
          { source: 'c', target: 'b' },
        ],
      ),
    ).toEqual([['a'], ['b', 'c']]);
  });
});

describe('arrow keys', () => {
  const nodes = [
    { id: 'a', x: 0, y: 0 },
    { id: 'b', x: 300, y: 200 },
    { id: 'near', x: 300, y: 10 },
    { id: 'below', x: 0, y: 100 },
  ];
  const from = { id: 'a', x: 0, y: 0 };
  const [a] = nodes;

  it('follow a wire before they follow the eye', () => {
    if (!a) throw new Error('no step');
    expect(neighbour(nodes, [{ source: 'a', target: 'b' }], a, 'right')?.id).toBe('b');
    expect(neighbour(nodes, [], a, 'right')?.id).toBe('near');
    expect(neighbour(nodes, [], a, 'down')?.id).toBe('below');
    expect(neighbour(nodes, [], from, 'left')).toBeUndefined();
  });
});
