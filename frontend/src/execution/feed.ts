import { type ConnectionState, LiveSocket, type MakeSocket, socketUrl } from './live-socket';
import type { ExecutionRow } from './types';

/** What the feed says of a pipeline that changed. */
export interface ChangedPipeline {
  id: string;
  updated_at?: string;
  revision: number;
  latest_version: number | null;
  /** Came from the API while the draft had changes. */
  arrived_version: number | null;
  /** It is in no list any more. */
  deleted: boolean;
}

/** Rows that changed. Applying one twice changes nothing. */
export interface RowsFrame {
  type: 'rows';
  cursor: string;
  executions: ExecutionRow[];
  pipelines: ChangedPipeline[];
}

export interface FeedOptions {
  onRows: (frame: RowsFrame) => void;
  onState?: (state: ConnectionState) => void;
  makeSocket?: MakeSocket;
}

/** Follows everything the user may see. Returns how to stop. */
export function followFeed({ onRows, onState = () => {}, makeSocket }: FeedOptions): () => void {
  let cursor: string | null = null;
  const socket = new LiveSocket({
    url: () => socketUrl('/ws/feed/', { cursor }),
    onFrame: (frame) => {
      const rows = frame as RowsFrame | { type: 'heartbeat' };
      if (rows.type !== 'rows') return;
      cursor = rows.cursor;
      onRows(rows);
    },
    onState,
    ...(makeSocket ? { makeSocket } : {}),
  });
  return () => socket.close();
}

/** A list with newer rows put in: known ones in their place, new ones first, newest start first. */
export function upsertRows(list: readonly ExecutionRow[], rows: readonly ExecutionRow[]): ExecutionRow[] {
  const newer = new Map(rows.map((row) => [row.id, row]));
  const kept = list.map((row) => {
    const fresh = newer.get(row.id);
    newer.delete(row.id);
    return fresh ?? row;
  });
  const added = [...newer.values()].sort((a, b) => (b.started_at ?? '').localeCompare(a.started_at ?? ''));
  return [...added, ...kept];
}
