import { describe, expect, it } from 'vitest';
import type { Json } from './json';
import { applyPatch, type Patch, PatchRefused } from './patch';
import { printText } from './text';

const DOCUMENT: Json = { a: 1, list: [1, 2, 3], inner: { x: 'x', y: null }, z: true };

function thereAndBack(patch: Patch): Json {
  const before = printText(DOCUMENT);
  const { document, inverse } = applyPatch(DOCUMENT, patch);
  expect(printText(DOCUMENT)).toBe(before);
  expect(printText(applyPatch(document, inverse).document)).toBe(before);
  return document;
}

describe('applying a patch', () => {
  it.each<[string, Patch, Json]>([
    ['adds a member', [{ op: 'add', path: '/n', value: 1 }], { ...DOCUMENT, n: 1 } as Json],
    [
      'adds into a list',
      [{ op: 'add', path: '/list/1', value: 9 }],
      { ...DOCUMENT, list: [1, 9, 2, 3] } as Json,
    ],
    ['appends', [{ op: 'add', path: '/list/-', value: 9 }], { ...DOCUMENT, list: [1, 2, 3, 9] } as Json],
    [
      'replaces',
      [{ op: 'replace', path: '/inner/x', value: 'q' }],
      { ...DOCUMENT, inner: { x: 'q', y: null } } as Json,
    ],
    ['removes from a list', [{ op: 'remove', path: '/list/0' }], { ...DOCUMENT, list: [2, 3] } as Json],
    ['moves', [{ op: 'move', from: '/list/2', path: '/list/0' }], { ...DOCUMENT, list: [3, 1, 2] } as Json],
    ['replaces the whole document', [{ op: 'replace', path: '', value: [] }], []],
  ])('%s and takes it back', (_, patch, expected) => {
    expect(thereAndBack(patch)).toEqual(expected);
  });

  it('puts a removed key back in its place', () => {
    const { document, inverse } = applyPatch(DOCUMENT, [{ op: 'remove', path: '/list' }]);
    expect(Object.keys(applyPatch(document, inverse).document as object)).toEqual([
      'a',
      'list',
      'inner',
      'z',
    ]);
  });

  it('adds in front of a named key', () => {
    const { document } = applyPatch(DOCUMENT, [{ op: 'add', path: '/new', value: 0, before: 'inner' }]);
    expect(Object.keys(document as object)).toEqual(['a', 'list', 'new', 'inner', 'z']);
  });

  it('does several steps, each in what the previous ones left, and takes all back', () => {
    thereAndBack([
      { op: 'add', path: '/list/0', value: 0 },
      { op: 'remove', path: '/list/3' },
      { op: 'move', from: '/inner/x', path: '/x' },
      { op: 'replace', path: '/inner', value: {} },
    ]);
  });

  it.each<[string, Patch]>([
    ['a path that leads nowhere', [{ op: 'replace', path: '/no', value: 1 }]],
    ['a place beyond the end', [{ op: 'add', path: '/list/9', value: 1 }]],
    ['a leading zero', [{ op: 'remove', path: '/list/01' }]],
    ['something inside a number', [{ op: 'add', path: '/a/b', value: 1 }]],
  ])('refuses %s', (_, patch) => {
    expect(() => applyPatch(DOCUMENT, patch)).toThrow(PatchRefused);
  });

  it('shares what it does not touch', () => {
    const { document } = applyPatch(DOCUMENT, [{ op: 'replace', path: '/a', value: 2 }]);
    expect((document as { list: unknown }).list).toBe((DOCUMENT as { list: unknown }).list);
  });
});
