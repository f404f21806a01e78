import { describe, expect, it, vi } from 'vitest';
import { bringIntoView, shift } from './bring-into-view';

describe('bringing a step into view', () => {
  const surface = new DOMRect(0, 0, 800, 600);

  function flow(zoom = 1) {
    return { getViewport: () => ({ x: 0, y: 0, zoom }), setViewport: vi.fn(), setCenter: vi.fn() };
  }

  it('moves nothing when the step can be seen', () => {
    const view = flow();
    bringIntoView(view, { x: 300, y: 300 }, surface);
    expect(view.setViewport).not.toHaveBeenCalled();
    expect(view.setCenter).not.toHaveBeenCalled();
  });

  it('moves just as far as is needed', () => {
    const view = flow();
    bringIntoView(view, { x: 700, y: 300 }, surface);
    expect(view.setViewport).toHaveBeenCalledWith({ x: -132, y: 0, zoom: 1 }, expect.anything());
    expect([shift(-50, 100, 800), shift(780, 100, 800), shift(0, 2000, 800)]).toEqual([74, -104, 24]);
  });

  it('comes closer when the step is too small to read', () => {
    const view = flow(0.2);
    bringIntoView(view, { x: 0, y: 0 }, surface);
    expect(view.setCenter).toHaveBeenCalledWith(104, 32, { zoom: 0.5, duration: 150 });
  });
});
