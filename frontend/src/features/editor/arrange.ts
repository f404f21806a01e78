import type { Link } from '@/pipeline/columns';
import type { Position } from '@/pipeline/layout';

export interface ArrangeRequest {
  nodes: ({ id: string } & Position)[];
  edges: Link[];
}

let running: Worker | null = null;

/** Tidy places, computed beside the page. A newer request ends the one before it. */
export function arrangeInWorker(
  nodes: readonly ({ id: string } & Position)[],
  edges: readonly Link[],
): Promise<Record<string, Position>> {
  running?.terminate();
  const worker = new Worker(new URL('./arrange.worker.ts', import.meta.url), { type: 'module' });
  running = worker;
  const request: ArrangeRequest = {
    nodes: nodes.map(({ id, x, y }) => ({ id, x, y })),
    edges: edges.map(({ source, target }) => ({ source, target })),
  };
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Record<string, Position>>) => {
      worker.terminate();
      if (running === worker) running = null;
      resolve(event.data);
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(request);
  });
}
