import { describe, expect, it } from 'vitest';
import { fragmentFrom } from './clipboard';
import { keyWords, SHORTCUTS, shortcutOf } from './shortcuts';

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  shortcutOf({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held })?.id;

describe('keys', () => {
  it('mean what the table says, with Ctrl or Command', () => {
    expect(press('z', { ctrlKey: true })).toBe('undo');
    expect(press('z', { metaKey: true })).toBe('undo');
    expect(press('Z', { ctrlKey: true, shiftKey: true })).toBe('redo');
    expect(press('y', { ctrlKey: true })).toBe('redo');
    expect(press('Delete')).toBe('delete');
    expect(press('?', { shiftKey: true })).toBe('help');
    expect(press('L', { shiftKey: true })).toBe('tidy');
  });

  it('are left alone with other keys held', () => {
    expect(press('z')).toBeUndefined();
    expect(press('z', { ctrlKey: true, altKey: true })).toBeUndefined();
    expect(press('l')).toBeUndefined();
  });

  it('stand for one thing each', () => {
    const all = SHORTCUTS.flatMap((shortcut) => shortcut.keys);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are written as people read them', () => {
    expect(keyWords('mod+shift+z', false)).toBe('Ctrl Shift Z');
    expect(keyWords('mod+arrowleft', true)).toBe('⌘ ←');
  });
});

describe('the clipboard', () => {
  it('takes steps and nothing else', () => {
    expect(
      fragmentFrom('{"format":"clary/steps@1","steps":[{"Name":"A"},3],"positions":{"A":{"x":1,"y":2}}}'),
    ).toEqual({
      steps: [{ Name: 'A' }],
      positions: { A: { x: 1, y: 2 } },
    });
    expect(fragmentFrom('clary/steps@1 but no JSON')).toBeNull();
    expect(fragmentFrom('{"steps":[]}')).toBeNull();
  });
});
