import { changeOf } from './apply-event';
import { stateFromSnapshot } from './state';
import type { EventFrame, ExecutionRow, SnapshotFrame, StepRow } from './types';

type Listener = () => void;

/** Runs a callback once, soon: the next animation frame while the page is shown, else a short timer. */
export type Schedule = (callback: () => void) => void;

const nextFrame: Schedule = (callback) => {
  if (typeof document !== 'undefined' && document.visibilityState === 'visible')
    requestAnimationFrame(callback);
  else setTimeout(callback, 100);
};

/**
 * The live rows of one execution, for `useSyncExternalStore`.
 *
 * Listeners are kept per step and told at most once per frame, so a thousand messages a second cost what
 * the visible steps cost. Rows are replaced, never changed, so a row is its own version.
 */
export class ExecutionStore {
  private rows = new Map<string, StepRow>();
  private order: string[] = [];
  private header: ExecutionRow | null = null;
  private at = 0;
  private log = new Map<number, EventFrame>();
  private listing: readonly StepRow[] = [];
  private listingVersion = -1;
  private changes = 0;

  private readonly stepListeners = new Map<string, Set<Listener>>();
  private readonly headerListeners = new Set<Listener>();
  private readonly anyListeners = new Set<Listener>();
  private readonly dirtySteps = new Set<string>();
  private dirtyHeader = false;
  private flushing = false;

  constructor(private readonly schedule: Schedule = nextFrame) {}

  /** Number of the last event these rows contain; 0 before the first snapshot. */
  get sequence(): number {
    return this.at;
  }

  /** Counts every change; a snapshot value for views that show all steps. */
  readonly version = (): number => this.changes;
  readonly execution = (): ExecutionRow | null => this.header;
  readonly step = (key: string): StepRow | undefined => this.rows.get(key);

  /** All rows in planning order. The same array until something changes. */
  readonly steps = (): readonly StepRow[] => {
    if (this.listingVersion !== this.changes) {
      this.listing = this.order.flatMap((key) => this.rows.get(key) ?? []);
      this.listingVersion = this.changes;
    }
    return this.listing;
  };

  /** Replaces everything by what the server says now. Events already in the history stay there. */
  reset(frame: Omit<SnapshotFrame, 'type' | 'server_time'>): void {
    if (frame.sequence < this.at && frame.execution.id === this.header?.id) return;
    const state = stateFromSnapshot(frame);
    for (const key of [...this.rows.keys(), ...state.steps.keys()]) this.dirtySteps.add(key);
    this.rows = new Map(state.steps);
    this.order = [...state.steps.keys()];
    this.header = frame.execution;
    this.at = frame.sequence;
    this.touch(true);
  }

  /** Applies events in order. "gap" means something is missing before one of them: ask again from `sequence`. */
  apply(events: readonly EventFrame[]): 'applied' | 'gap' {
    if (!this.header) return 'gap';
    for (const event of events) {
      const change = changeOf({ sequence: this.at, execution: this.header, steps: this.rows }, event);
      if (change.kind === 'duplicate') continue;
      if (change.kind === 'gap') return 'gap';
      this.at = change.sequence;
      this.log.set(event.sequence, event);
      if (change.key !== null && change.step) this.put(change.key, change.step);
      const headerChanged = change.execution !== this.header;
      this.header = change.execution;
      this.touch(headerChanged);
    }
    return 'applied';
  }

  /** Adds older events for the history and the timeline. The rows contain them already. */
  remember(events: readonly EventFrame[]): void {
    for (const event of events) if (event.sequence <= this.at) this.log.set(event.sequence, event);
    this.touch(false);
  }

  /** The events known so far, oldest first. */
  history(): EventFrame[] {
    return [...this.log.values()].sort((a, b) => a.sequence - b.sequence);
  }

  /** Where the history has its first hole: ask for the events after this number. Null when it is whole. */
  missingAfter(): number | null {
    if (this.log.size === this.at) return null;
    let after = 0;
    while (this.log.has(after + 1)) after += 1;
    return after < this.at ? after : null;
  }

  readonly subscribeExecution = (listener: Listener): (() => void) => join(this.headerListeners, listener);
  readonly subscribeAny = (listener: Listener): (() => void) => join(this.anyListeners, listener);

  subscribeStep(key: string, listener: Listener): () => void {
    const listeners = this.stepListeners.get(key) ?? new Set();
    this.stepListeners.set(key, listeners);
    const leave = join(listeners, listener);
    return () => {
      leave();
      if (listeners.size === 0) this.stepListeners.delete(key);
    };
  }

  private put(key: string, row: StepRow): void {
    if (!this.rows.has(key)) this.order.push(key);
    this.rows.set(key, row);
    this.dirtySteps.add(key);
  }

  private touch(header: boolean): void {
    this.changes += 1;
    this.dirtyHeader ||= header;
    if (this.flushing) return;
    this.flushing = true;
    this.schedule(() => this.flush());
  }

  private flush(): void {
    this.flushing = false;
    const keys = [...this.dirtySteps];
    const header = this.dirtyHeader;
    this.dirtySteps.clear();
    this.dirtyHeader = false;
    for (const key of keys) for (const listener of this.stepListeners.get(key) ?? []) listener();
    if (header) for (const listener of this.headerListeners) listener();
    for (const listener of this.anyListeners) listener();
  }
}

function join(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
