import { describe, expect, it } from 'vitest';
import type { CanvasEdge, CanvasNode } from '@/pipeline/view';
import { BLOCK_HEIGHT, BLOCK_WIDTH, pictureGeometry } from './picture-geometry';

function node(id: string, x: number, y: number): CanvasNode {
  return {
    id,
    x,
    y,
    type: 'Processing',
    typeTitle: 'Split',
    family: 'data',
    icon: 'split',
    fact: '',
    outputs: [],
    canLead: true,
    known: true,
  };
}

function edge(source: string, target: string, more: Partial<CanvasEdge> = {}): CanvasEdge {
  return {
    id: `${source}>${target}`,
    source,
    target,
    sourcePort: 'out',
    kind: 'data',
    trigger: 'Succeeded',
    label: '',
    quiet: false,
    ...more,
  };
}

describe('the picture of a pipeline', () => {
  it('holds every block inside its frame', () => {
    const { viewBox, blocks } = pictureGeometry([node('A', 0, 0), node('B', 288, 96)], []);
    const [left = 0, top = 0, width = 0, height = 0] = viewBox.split(' ').map(Number);
    for (const block of blocks) {
      expect(block.x).toBeGreaterThan(left);
      expect(block.y).toBeGreaterThan(top);
      expect(block.x + BLOCK_WIDTH).toBeLessThan(left + width);
      expect(block.y + 64).toBeLessThan(top + height);
    }
  });

  it('leaves room for the lines between two columns of the canvas', () => {
    const { blocks } = pictureGeometry([node('A', 0, 0), node('B', 280, 0)], []);
    expect((blocks[1]?.x ?? 0) - (blocks[0]?.x ?? 0)).toBeGreaterThan(BLOCK_WIDTH + 30);
  });

  it('draws an order and a failing way dashed, and leaves out a wire to nowhere', () => {
    const nodes = [node('A', 0, 0), node('B', 288, 0), node('C', 288, 96)];
    const { lines } = pictureGeometry(nodes, [
      edge('A', 'B'),
      edge('A', 'C', { kind: 'branch', trigger: 'else' }),
      edge('B', 'C', { kind: 'order' }),
      edge('A', 'Gone'),
    ]);
    expect(lines.map(({ id, dashed, failing }) => [id, dashed, failing])).toEqual([
      ['A>B', false, false],
      ['A>C', true, true],
      ['B>C', true, false],
    ]);
  });

  it('leads a long line past the blocks between', () => {
    const nodes = [node('A', 0, 0), node('B', 280, 0), node('C', 560, 0)];
    const { lines } = pictureGeometry(nodes, [edge('A', 'B'), edge('A', 'C')]);
    const heights = [...(lines[1]?.path ?? '').matchAll(/-?[\d.]+ (-?[\d.]+)/g)].map(([, y]) => Number(y));
    expect(heights.some((y) => y < 0 || y > BLOCK_HEIGHT)).toBe(true);
    expect(lines[0]?.path).not.toBe(lines[1]?.path);
  });

  it('of an empty pipeline is empty', () => {
    expect(pictureGeometry([], [])).toEqual({ viewBox: '0 0 1 1', blocks: [], lines: [] });
  });
});
