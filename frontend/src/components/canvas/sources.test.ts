import { describe, expect, it, vi } from 'vitest';
import { KeyedStore } from './sources';

function store() {
  const flushes: (() => void)[] = [];
  const keyed = new KeyedStore<number>((flush) => flushes.push(flush));
  return { keyed, frame: () => flushes.shift()?.(), flushes };
}

describe('a keyed store', () => {
  it('tells only the listeners of the key that changed, once per frame', () => {
    const { keyed, frame, flushes } = store();
    const [a, b] = [vi.fn(), vi.fn()];
    keyed.subscribe('a', a);
    keyed.subscribe('b', b);
    for (let value = 0; value < 1000; value += 1) keyed.set('a', value);
    expect(a).not.toHaveBeenCalled();
    expect(flushes).toHaveLength(1);
    frame();
    expect(a).toHaveBeenCalledTimes(1);
    expect(b).not.toHaveBeenCalled();
    expect(keyed.get('a')).toBe(999);
  });

  it('says nothing when the value is the same', () => {
    const { keyed, flushes } = store();
    keyed.set('a', 1);
    flushes.length = 0;
    keyed.set('a', 1);
    expect(flushes).toHaveLength(0);
  });

  it('forgets a listener that left', () => {
    const { keyed, frame } = store();
    const listener = vi.fn();
    keyed.subscribe('a', listener)();
    keyed.set('a', 1);
    frame();
    expect(listener).not.toHaveBeenCalled();
  });

  it('takes away what a replacement no longer holds', () => {
    const { keyed } = store();
    keyed.set('a', 1);
    keyed.replace(new Map([['b', 2]]));
    expect([keyed.get('a'), keyed.get('b')]).toEqual([undefined, 2]);
  });
});
