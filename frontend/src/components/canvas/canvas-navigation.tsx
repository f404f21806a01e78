import { useReactFlow } from '@xyflow/react';
import { type KeyboardEvent, type ReactNode, useContext, useId, useRef, useState } from 'react';
import { statusName } from '@/execution/status';
import type { CanvasEdge, CanvasNode } from '@/pipeline/view';
import { type Direction, neighbour } from '@/pipeline/walk';
import { bringIntoView } from './bring-into-view';
import styles from './canvas.module.css';
import { CanvasSourcesContext, type NodeStatus } from './sources';

interface Props {
  label: string;
  nodes: readonly CanvasNode[];
  edges: readonly CanvasEdge[];
  selected: readonly string[];
  onSelect(steps: string[], edges: string[]): void;
  onOpen: ((step: string) => void) | undefined;
  onFit(): void;
  children: ReactNode;
}

function spokenStatus({ kind, text }: NodeStatus): string {
  const word = statusName(kind).toLowerCase();
  return text === word || text === '' ? word : `${word} ${text}`;
}

const ARROWS: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

/** The canvas is one Tab stop; arrows walk from step to step, and each stop is read out. */
export function CanvasNavigation(props: Props) {
  const { label, nodes, edges, selected, onSelect, onOpen, onFit, children } = props;
  const flow = useReactFlow();
  const sources = useContext(CanvasSourcesContext);
  const helpId = useId();
  const surface = useRef<HTMLElement>(null);
  const [spoken, setSpoken] = useState('');

  const describe = (node: CanvasNode): string => {
    const status = sources.statuses.get(node.id);
    const problems = sources.problems.get(node.id);
    const count = (problems?.errors ?? 0) + (problems?.warnings ?? 0);
    const into = edges.filter((edge) => edge.target === node.id).length;
    const out = edges.filter((edge) => edge.source === node.id).length;
    return [
      node.id,
      node.typeTitle,
      status ? spokenStatus(status) : '',
      status?.figureWhole ?? status?.figure ?? '',
      count > 0 ? `${count} ${count === 1 ? 'problem' : 'problems'}` : '',
      `${into} in, ${out} out`,
    ]
      .filter(Boolean)
      .join(', ');
  };
  const goTo = (node: CanvasNode) => {
    onSelect([node.id], []);
    setSpoken(describe(node));
    bringIntoView(flow, node, surface.current?.getBoundingClientRect());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const current = nodes.find((node) => node.id === selected[0]);
    const direction = ARROWS[event.key];
    if (direction) {
      const next = current ? neighbour(nodes, edges, current, direction) : nodes[0];
      if (next) goTo(next);
      event.preventDefault();
    } else if (event.key === 'Enter' && current) {
      onOpen?.(current.id);
      event.preventDefault();
    } else if (event.key === '1') {
      onFit();
    } else if (event.key === '0') {
      void flow.zoomTo(1, { duration: 150 });
    } else if (event.key === '+' || event.key === '=') {
      void flow.zoomIn({ duration: 100 });
    } else if (event.key === '-') {
      void flow.zoomOut({ duration: 100 });
    } else if (event.key === 'Escape') {
      onSelect([], []);
    }
  };
  return (
    <section
      ref={surface}
      role="application"
      aria-label={label}
      aria-describedby={helpId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the one Tab stop of the canvas
      tabIndex={0}
      className={styles.navigation}
      onKeyDown={onKeyDown}
    >
      <span id={helpId} className="visually-hidden">
        Arrow keys walk from step to step. Enter opens a step. Press ? for all keys.
      </span>
      <span className="visually-hidden" role="status" aria-live="polite">
        {spoken}
      </span>
      {children}
    </section>
  );
}
