import { afterEach, expect, it, vi } from 'vitest';
import { hasBytes, MOST_COMPARED } from './same-bytes';

const file = new File(['a,b\n1,2\n'], 'people.csv');
const STORED = { size: 8, sha256: '492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470' };

afterEach(() => vi.unstubAllGlobals());

it('knows the file that is stored by its digest', async () => {
  expect(await hasBytes(file, STORED)).toBe(true);
  expect(await hasBytes(new File(['a,b\n1,3\n'], 'people.csv'), STORED)).toBe(false);
});

it('reads no file of another size, and none that is large', async () => {
  const read = vi.fn();
  const large = { size: MOST_COMPARED + 1, arrayBuffer: read } as unknown as File;
  expect(await hasBytes(large, { ...STORED, size: MOST_COMPARED + 1 })).toBe(false);
  expect(await hasBytes({ size: 9, arrayBuffer: read } as unknown as File, STORED)).toBe(false);
  expect(read).not.toHaveBeenCalled();
});

it('does not know where the browser computes no digests', async () => {
  vi.stubGlobal('crypto', {});
  expect(await hasBytes(file, STORED)).toBe(false);
});

it('does not know a file that cannot be read any more', async () => {
  const gone = new File(['a,b\n1,2\n'], 'people.csv');
  gone.arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'));
  expect(await hasBytes(gone, STORED)).toBe(false);
});
