import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Autosave, type QueuedEdit, type SaveState } from './autosave';

const edit = (label: string): QueuedEdit => ({
  name: 'set_value',
  label,
  definition: [{ op: 'add', path: `/${label}`, value: 1 }],
  layout: [],
});
class Offline extends Error {}

function server() {
  const sent: { revision: number; labels: string[] }[] = [];
  const states: SaveState['kind'][] = [];
  const failures: Error[] = [];
  let revision = 4;
  const autosave = new Autosave({
    revision,
    savedAt: 'then',
    delayMs: 500,
    isTemporary: (error) => error instanceof Offline,
    onState: (state) => states.push(state.kind),
    onSaved: () => undefined,
    send: async (based, commands) => {
      sent.push({ revision: based, labels: commands.map((command) => command.label) });
      const failure = failures.shift();
      if (failure) throw failure;
      revision += 1;
      return { revision, saved_at: 'now' };
    },
    step: async (based, direction) => {
      sent.push({ revision: based, labels: [direction] });
      revision += 1;
      return { revision, saved_at: 'now' };
    },
  });
  return { autosave, sent, states, failures };
}

describe('autosave', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends nothing when nothing was changed', async () => {
    const { sent, autosave } = server();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
    expect(autosave.pending).toBe(false);
  });

  it('sends what was done together, based on the revision the server confirmed last', async () => {
    const { autosave, sent, states } = server();
    autosave.add(edit('a'));
    autosave.add(edit('b'));
    await vi.advanceTimersByTimeAsync(600);
    autosave.add(edit('c'));
    await vi.advanceTimersByTimeAsync(600);
    expect(sent).toEqual([
      { revision: 4, labels: ['a', 'b'] },
      { revision: 5, labels: ['c'] },
    ]);
    expect(states.at(-1)).toBe('saved');
  });

  it('folds a typing burst into one command while it has not left', async () => {
    const { autosave, sent } = server();
    autosave.add(edit('a'));
    autosave.add(edit('b'), true);
    await vi.advanceTimersByTimeAsync(600);
    expect(sent[0]?.labels).toEqual(['b']);
  });

  it("walks back and forth in the server's log in the order things were done", async () => {
    const { autosave, sent } = server();
    autosave.add(edit('a'));
    autosave.add(edit('b'));
    autosave.addSteps('undo', 2);
    autosave.addSteps('redo', 1);
    autosave.add(edit('c'));
    await vi.advanceTimersByTimeAsync(3000);
    expect(sent.map((request) => request.labels)).toEqual([['a', 'b'], ['undo'], ['undo'], ['redo'], ['c']]);
    expect(sent.map((request) => request.revision)).toEqual([4, 5, 6, 7, 8]);
  });

  it('does not fold an edit into one that has left, or over an undo', () => {
    const { autosave } = server();
    expect(autosave.add(edit('a'), true)).toBe(false);
    expect(autosave.add(edit('b'), true)).toBe(true);
    autosave.addSteps('undo', 1);
    expect(autosave.add(edit('c'), true)).toBe(false);
  });

  it('keeps edits while the server is away and sends them again, in order', async () => {
    const { autosave, sent, states, failures } = server();
    failures.push(new Offline('away'), new Offline('away'));
    autosave.add(edit('a'));
    await vi.advanceTimersByTimeAsync(600);
    expect(states.at(-1)).toBe('retrying');
    expect(autosave.pending).toBe(true);
    autosave.add(edit('b'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(sent.at(-1)).toEqual({ revision: 4, labels: ['a', 'b'] });
    expect(states.at(-1)).toBe('saved');
  });

  it('stops at a refusal and overwrites nothing', async () => {
    const { autosave, sent, states, failures } = server();
    failures.push(new Error('stale'));
    autosave.add(edit('a'));
    await vi.advanceTimersByTimeAsync(600);
    autosave.add(edit('b'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe('blocked');
    expect(sent).toHaveLength(1);
    await autosave.flush();
  });

  it('flushes at once and resolves when the server has everything', async () => {
    const { autosave, sent } = server();
    autosave.add(edit('a'));
    await autosave.flush();
    expect(sent).toHaveLength(1);
    expect(autosave.pending).toBe(false);
    expect(autosave.currentRevision).toBe(5);
  });
});
