import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { arrange } from '@/pipeline/arrange';
import { emptyLayout, type Layout } from '@/pipeline/layout';
import { parseText } from '@/pipeline/text';
import { AFTER, type CanvasEdge, type CanvasNode, type CanvasView, canvasView } from '@/pipeline/view';
import { CATALOG } from '@/testing/catalog';
import { processing } from '@/testing/definitions';
import { isInside, lanesOf } from './lanes';
import { betweenColumns, endsOf, type Lane, pathOf, sampled, wireCurves } from './wire-shape';

const ROOT = resolve(process.cwd(), '..');
const filesIn = (folder: string) =>
  readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && !/(sample|template)\.json$/.test(file))
    .map((file) => `${folder}/${file}`);
const FILES = [...filesIn('examples'), ...filesIn('tests/golden/definitions')].sort();

type Lanes = ReadonlyMap<string, Lane>;
const NONE: Lanes = new Map();

/** Wires and the steps they run behind, as "A > B behind C". */
function behind(nodes: readonly CanvasNode[], edges: readonly CanvasEdge[], lanes: Lanes): string[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return edges.flatMap((edge) => {
    const [source, target] = [byId.get(edge.source), byId.get(edge.target)];
    if (!source || !target) return [];
    const curves = wireCurves(endsOf(source, target, edge.sourcePort), lanes.get(edge.id));
    const points = curves.flatMap((curve) => sampled(curve, 100));
    return nodes
      .filter((node) => node !== target && (node !== source || edge.sourcePort === AFTER))
      .filter((node) => points.some(([x, y]) => isInside(node, x, y)))
      .map((node) => `${edge.source} > ${edge.target} behind ${node.id}`);
  });
}

function viewOf(file: string, tidy: boolean) {
  const parsed = parseText(readFileSync(resolve(ROOT, file), 'utf8'));
  const document = parsed.ok ? parsed.value : undefined;
  const view = canvasView(document, emptyLayout(), CATALOG);
  if (!tidy) return view;
  const layout: Layout = { ...emptyLayout(), nodes: arrange(view.nodes, view.edges) };
  return canvasView(document, layout, CATALOG);
}

/** Steps at their places, each waiting for those named: a dashed wire from the bottom of one to the next. */
function ordered(places: Record<string, [x: number, y: number, ...after: string[]]>) {
  const steps = Object.entries(places).map(([name, [, , ...after]]) =>
    processing(name, [], { DependsOn: after }),
  );
  const nodes = Object.fromEntries(Object.entries(places).map(([name, [x, y]]) => [name, { x, y }]));
  return canvasView({ Steps: steps }, { ...emptyLayout(), nodes }, CATALOG);
}

/** The same with solid wires, from the right side of a step. */
function wired(places: Record<string, [x: number, y: number, ...after: string[]]>) {
  const { nodes, edges } = ordered(places);
  return { nodes, edges: edges.map((edge) => ({ ...edge, sourcePort: 'o' })) };
}

const lanesIn = ({ nodes, edges }: Pick<CanvasView, 'nodes' | 'edges'>) =>
  new Map(
    edges.map((edge) => [`${edge.source} > ${edge.target}`, lanesOf(nodes, edges).get(edge.id)] as const),
  );

describe('long wires', () => {
  it('of every example and golden definition run behind no step, tidied or not', () => {
    let plain = 0;
    const kept: string[] = [];
    for (const file of FILES) {
      for (const tidy of [false, true]) {
        const { nodes, edges } = viewOf(file, tidy);
        plain += behind(nodes, edges, NONE).length;
        kept.push(...behind(nodes, edges, lanesOf(nodes, edges)).map((what) => `${file}: ${what}`));
      }
    }
    expect(plain).toBeGreaterThan(50);
    expect(kept).toEqual([]);
  });

  it('take no lane where the straight way is free', () => {
    const view = wired({ A: [0, 0], B: [280, -60, 'A'], C: [560, 200, 'B', 'A'], D: [280, 300, 'A'] });
    expect([...lanesIn(view).values()]).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('pass a row beside it, and stay level as long as they can', () => {
    const view = wired({ A: [0, 0], B: [280, 0, 'A'], C: [560, 0, 'B'], D: [840, 40, 'C', 'A'] });
    const lane = lanesIn(view).get('A > D');
    expect(lane?.map(({ left, right }) => [left, right])).toEqual([
      [280, 488],
      [560, 768],
    ]);
    expect(lane?.[0]?.y).toBe(lane?.[1]?.y);
    expect(Math.abs((lane?.[0]?.y ?? 0) - 32)).toBeLessThan(60);
  });

  it('run in the middle between two rows', () => {
    const view = wired({ A: [0, 30], B: [280, 0, 'A'], C: [280, 100, 'A'], D: [560, 0, 'A', 'B'] });
    expect(behind(view.nodes, view.edges, NONE)).toEqual(['A > D behind B']);
    expect(lanesIn(view).get('A > D')).toEqual([{ left: 280, right: 488, y: 82 }]);
  });

  it('of different steps do not lie on one another', () => {
    const view = wired({
      A: [0, 0],
      Z: [0, 100],
      B: [280, 50, 'A'],
      C: [560, 0, 'A', 'Z'],
      D: [560, 100, 'A', 'Z'],
    });
    const { nodes, edges } = view;
    const lanes = [...lanesOf(nodes, edges)];
    const heights = new Map(
      lanes.map(([id, lane]) => [edges.find((edge) => edge.id === id)?.source, lane[0]?.y]),
    );
    expect(new Set(heights.values()).size).toBe(heights.size);
    expect(behind(nodes, edges, lanesOf(nodes, edges))).toEqual([]);
  });

  it('that leave downwards turn below their step and pass the one beneath', () => {
    const view = ordered({ A: [0, 0], Below: [0, 100], B: [280, 40, 'A'], C: [560, 0, 'A'] });
    expect(behind(view.nodes, view.edges, NONE)).not.toEqual([]);
    expect(behind(view.nodes, view.edges, lanesOf(view.nodes, view.edges))).toEqual([]);
    expect(lanesIn(view).get('A > C')?.[0]).toEqual({ left: 208, right: 208, y: 80 });
  });

  it('that leave downwards to the same row do not run behind their own step', () => {
    const view = ordered({ A: [0, 0], B: [280, 0, 'A'] });
    expect(behind(view.nodes, view.edges, NONE)).toEqual(['A > B behind A']);
    expect(behind(view.nodes, view.edges, lanesOf(view.nodes, view.edges))).toEqual([]);
  });

  it('that lead backwards are drawn as they are', () => {
    const view = wired({ A: [840, 0], B: [400, 0], C: [0, 0, 'A'] });
    expect(lanesOf(view.nodes, view.edges).size).toBe(0);
  });

  it('find their lanes among 1,000 steps', () => {
    const name = (index: number) => `S${index}`;
    const nodes = Array.from({ length: 1000 }, (_, index) => {
      const at = { x: Math.floor(index / 25) * 280, y: (index % 25) * 100 };
      return { ...(ordered({ S: [0, 0] }).nodes[0] as CanvasNode), id: name(index), ...at };
    });
    const edge = wired({ A: [0, 0], B: [280, 0, 'A'] }).edges[0] as CanvasEdge;
    const edges = nodes.flatMap((_, index) =>
      [25, 75, 400]
        .filter((step) => index >= step)
        .map((step) => ({
          ...edge,
          id: `${index} ${step}`,
          source: name(index - step),
          target: name(index),
        })),
    );
    const lanes = lanesOf(nodes, edges);
    expect(lanes.size).toBeGreaterThan(500);
    expect(behind(nodes, edges.slice(-10), lanes)).toEqual([]);
  });
});

describe('the shape of a wire', () => {
  const ends = { x1: 0, y1: 0, x2: 600, y2: 50, down: false };
  const lane = [{ left: 100, right: 300, y: -40 }];

  it('follows its lane from its dot to its step', () => {
    expect(pathOf(wireCurves(ends, lane))).toBe(
      'M0 0C50 0 50 -40 100 -40C100 -40 300 -40 300 -40C450 -40 450 50 600 50',
    );
    expect(pathOf(wireCurves(ends, undefined))).toBe('M0 0C300 0 300 50 600 50');
  });

  it('leaves room for a label where it leaves its step', () => {
    expect(betweenColumns(wireCurves(ends, lane), false)).toEqual([50, -20]);
  });
});
