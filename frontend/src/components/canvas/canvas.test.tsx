import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { readLayout } from '@/pipeline/layout';
import { canvasView } from '@/pipeline/view';
import { CATALOG } from '@/testing/catalog';
import { condition, draft, outputOf, processing, training } from '@/testing/definitions';
import { Canvas } from './canvas';
import { flowNode, portTop } from './geometry';
import { KeyedStore, type NodeStatus } from './sources';

const documents = draft(
  [processing('Split', ['train', 'test']), training('Train', outputOf('Split', 'train')), condition('Gate')],
  { Split: { x: 0, y: 0 }, Train: { x: 280, y: 0 }, Gate: { x: 560, y: 0 } },
);
const view = canvasView(documents.definition, readLayout(documents.layout), CATALOG);

function show(selected: string[] = []) {
  const statuses = new KeyedStore<NodeStatus>((flush) => flush());
  const onSelect = vi.fn();
  const onOpen = vi.fn();
  render(
    <Canvas
      label="Pipeline p"
      nodes={view.nodes}
      edges={view.edges}
      selected={selected}
      onSelect={onSelect}
      onOpen={onOpen}
      sources={{ statuses }}
    />,
  );
  return { statuses, onSelect, onOpen, canvas: screen.getByRole('application', { name: 'Pipeline p' }) };
}

describe('the canvas', () => {
  it('is one stop for Tab, and arrows walk and read out the steps', () => {
    const { canvas, onSelect } = show(['Split']);
    expect(canvas.tabIndex).toBe(0);
    fireEvent.keyDown(canvas, { key: 'ArrowRight' });
    expect(onSelect).toHaveBeenCalledWith(['Train'], []);
    expect(screen.getByRole('status')).toHaveTextContent('Train, Train model, 1 in, 0 out');
  });

  it('opens the selected step with Enter and clears with Escape', () => {
    const { canvas, onOpen, onSelect } = show(['Train']);
    fireEvent.keyDown(canvas, { key: 'Enter' });
    expect(onOpen).toHaveBeenCalledWith('Train');
    fireEvent.keyDown(canvas, { key: 'Escape' });
    expect(onSelect).toHaveBeenCalledWith([], []);
  });

  it('offers fit and zoom by name, and no tidy where nothing may be moved', () => {
    show();
    expect(screen.getByRole('button', { name: 'Fit' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Tidy' })).not.toBeInTheDocument();
  });
});

describe('node geometry', () => {
  it('is complete, so that nothing needs to be measured in the page', () => {
    const [split] = view.nodes;
    if (!split) throw new Error('no node');
    const node = flowNode(split, true);
    expect(node).toMatchObject({
      width: 208,
      height: 64,
      measured: { width: 208, height: 64 },
      selected: true,
    });
    expect(node.handles?.map((handle) => handle.id)).toEqual(['in', 'output:train', 'output:test', 'after']);
  });

  it('spreads dots evenly over the side', () => {
    expect(portTop(0, 1)).toBe(32);
    expect([portTop(0, 3), portTop(1, 3), portTop(2, 3)]).toEqual([16, 32, 48]);
  });
});
