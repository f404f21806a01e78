import type { Edit } from './edit/edit';
import { joined } from './history';

export type SaveState =
  | { kind: 'saved'; at: string }
  | { kind: 'saving' }
  /** The server cannot be reached or failed; the edits are kept and sent again. */
  | { kind: 'retrying'; since: number; message: string }
  /** The server refused: somebody else was first, or it does not accept the edit. Nothing more is sent. */
  | { kind: 'blocked'; error: unknown };

/** What is sent: an edit, or one step back or forth in the server's own log. */
export type Outgoing = QueuedEdit | 'undo' | 'redo';

export interface QueuedEdit extends Edit {
  /** Whole text from the text panel; it replaces what the definition patch would do. */
  definition_text?: string;
}

export interface Saved {
  revision: number;
  saved_at: string;
}

export interface AutosaveOptions<R extends Saved> {
  revision: number;
  savedAt: string;
  send(revision: number, commands: readonly QueuedEdit[]): Promise<R>;
  step(revision: number, direction: 'undo' | 'redo'): Promise<R>;
  /** True for failures worth repeating: no network, server error. */
  isTemporary(error: unknown): boolean;
  onState(state: SaveState): void;
  onSaved(result: R): void;
  delayMs?: number;
  now?: () => number;
}

const RETRY_MS = [1000, 2000, 4000, 8000, 15_000];

/**
 * Sends edits in order, one request at a time, each based on the revision the server last confirmed.
 * Edits are dropped only after the server said it has them.
 */
export class Autosave<R extends Saved = Saved> {
  private queue: Outgoing[] = [];
  private inFlight = 0;
  private revision: number;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private failures = 0;
  private failingSince: number | null = null;
  private blocked = false;
  private idle: (() => void)[] = [];

  constructor(private readonly options: AutosaveOptions<R>) {
    this.revision = options.revision;
  }

  get pending(): boolean {
    return this.queue.length > 0;
  }

  get currentRevision(): number {
    return this.revision;
  }

  /** `merge`: fold into the last edit when that has not left yet. True when it was folded. */
  add(edit: QueuedEdit, merge = false): boolean {
    const last = this.queue.at(-1);
    const unsent = this.queue.length > this.inFlight;
    const folds = merge && unsent && typeof last === 'object' && foldable(last) && foldable(edit);
    if (folds) this.queue[this.queue.length - 1] = joined(last, edit);
    else this.queue.push(edit);
    this.wake();
    return folds;
  }

  /** Steps back or forth in the server's log, after everything that waits. */
  addSteps(direction: 'undo' | 'redo', count: number): void {
    for (let index = 0; index < count; index += 1) this.queue.push(direction);
    this.wake();
  }

  /** The draft was changed on the server by other means, while nothing waited here. */
  moveTo(revision: number): void {
    this.revision = revision;
  }

  private wake(): void {
    if (this.blocked || this.inFlight > 0) return;
    if (this.failingSince === null) this.options.onState({ kind: 'saving' });
    this.schedule(this.failingSince === null ? (this.options.delayMs ?? 500) : this.retryDelay());
  }

  /** Send what waits now; resolves when the server has everything or refused. */
  async flush(): Promise<void> {
    if (!this.pending || this.blocked) return;
    const done = new Promise<void>((resolve) => this.idle.push(resolve));
    if (this.inFlight === 0) {
      this.clearTimer();
      void this.send();
    }
    await done;
  }

  stop(): void {
    this.clearTimer();
    this.blocked = true;
    this.settle();
  }

  private schedule(delay: number): void {
    this.clearTimer();
    this.timer = setTimeout(() => void this.send(), delay);
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  private async send(): Promise<void> {
    this.timer = null;
    if (this.blocked || this.inFlight > 0 || this.queue.length === 0) return;
    const [first] = this.queue;
    const edits = leadingEdits(this.queue);
    const count = Math.max(1, edits.length);
    this.inFlight = count;
    try {
      const result =
        first === 'undo' || first === 'redo'
          ? await this.options.step(this.revision, first)
          : await this.options.send(this.revision, edits);
      this.queue.splice(0, count);
      this.inFlight = 0;
      this.revision = result.revision;
      this.failures = 0;
      this.failingSince = null;
      this.options.onSaved(result);
      if (this.queue.length > 0) {
        this.schedule(0);
      } else {
        this.options.onState({ kind: 'saved', at: result.saved_at });
        this.settle();
      }
    } catch (error) {
      this.inFlight = 0;
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    if (this.blocked) return;
    if (!this.options.isTemporary(error)) {
      this.blocked = true;
      this.options.onState({ kind: 'blocked', error });
      this.settle();
      return;
    }
    const now = (this.options.now ?? Date.now)();
    this.failingSince ??= now;
    const message = error instanceof Error ? error.message : String(error);
    this.options.onState({ kind: 'retrying', since: this.failingSince, message });
    this.schedule(this.retryDelay());
    this.failures += 1;
  }

  private retryDelay(): number {
    return RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] ?? 15_000;
  }

  private settle(): void {
    for (const resolve of this.idle.splice(0)) resolve();
  }
}

function foldable(edit: QueuedEdit): boolean {
  return edit.definition_text === undefined;
}

function leadingEdits(queue: readonly Outgoing[]): QueuedEdit[] {
  const edits: QueuedEdit[] = [];
  for (const entry of queue) {
    if (typeof entry === 'string') break;
    edits.push(entry);
  }
  return edits;
}
