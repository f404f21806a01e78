import { describe, expect, it } from 'vitest';
import { openingView, wholeView } from './viewport';

const SIZE = { width: 800, height: 600 };

describe('the first look at a graph', () => {
  it('shows all of it, never larger than life', () => {
    const one = openingView([{ x: 0, y: 0 }], SIZE);
    expect(one.zoom).toBe(1);
    expect(one.x).toBeCloseTo((800 - 208) / 2);
    const wide = openingView(
      [
        { x: 0, y: 0 },
        { x: 1100, y: 0 },
      ],
      SIZE,
    );
    expect(wide.zoom).toBeLessThan(0.6);
    expect(wide.zoom).toBeGreaterThan(0.5);
  });

  it('keeps the dots of the outermost steps off the border, where a press would drag the panel', () => {
    const nodes = [
      { x: 0, y: 0 },
      { x: 1100, y: 300 },
    ];
    const { x, y, zoom } = wholeView(nodes, SIZE);
    expect(x).toBeGreaterThanOrEqual(32);
    expect((1100 + 208) * zoom + x).toBeLessThanOrEqual(800 - 32);
    expect(y).toBeGreaterThanOrEqual(32);
    expect((300 + 64) * zoom + y).toBeLessThanOrEqual(600 - 32);
  });

  it('shows the beginning of one that is too large to read at once', () => {
    const nodes = Array.from({ length: 1000 }, (_, index) => ({
      x: Math.floor(index / 20) * 280,
      y: (index % 20) * 100,
    }));
    expect(openingView(nodes, SIZE)).toEqual({ x: 40, y: 40, zoom: 0.5 });
  });

  it('centres a long row that is low enough', () => {
    const view = openingView(
      [
        { x: 100, y: 0 },
        { x: 9000, y: 0 },
      ],
      SIZE,
    );
    expect(view).toEqual({ x: -10, y: 284, zoom: 0.5 });
  });

  it('has a place to start for an empty canvas and a window without size', () => {
    expect(openingView([], SIZE).zoom).toBe(1);
    expect(openingView([{ x: 0, y: 0 }], { width: 0, height: 0 }).zoom).toBe(1);
  });
});
