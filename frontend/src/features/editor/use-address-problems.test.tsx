import { act, waitFor } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { setValue } from '@/pipeline/edit/values';
import type { Problem } from '@/pipeline/problem';
import { processing } from '@/testing/definitions';
import { openEditor } from '@/testing/editor';
import { useAddressProblems } from './use-address-problems';

const MISSING: Problem = {
  code: 'nothing-stored',
  message: 'Nothing is stored at s3://nowhere/x.csv yet.',
  pointer: '/Steps/0/Arguments',
  severity: 'warning',
  step: 'A',
  fix: null,
};

function Asking() {
  useAddressProblems();
  return null;
}

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function open(found: () => Problem[]) {
  const paths: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    paths.push(path);
    return Response.json({ problems: found() });
  });
  return { ...openEditor([processing('A')], <Asking />), paths };
}

it('stands among the problems, and goes by itself once something is stored', async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  let found = [MISSING];
  const { store, paths } = open(() => found);
  await waitFor(() => expect(store.getState().problems).toEqual([MISSING]));
  expect(paths[0]).toContain('/draft/warnings/?about=addresses');
  found = [];
  await act(() => vi.advanceTimersByTimeAsync(11_000));
  await waitFor(() => expect(store.getState().problems).toEqual([]));
  const asked = paths.length;
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  expect(paths).toHaveLength(asked);
});

it('asks again after a saved change', async () => {
  let found: Problem[] = [];
  const { store, paths } = open(() => found);
  await waitFor(() => expect(paths).toHaveLength(1));
  found = [MISSING];
  act(() => void store.getState().run((documents) => setValue(documents, 'A', '/Description', 'x')));
  expect(paths).toHaveLength(1);
  await act(() => store.getState().flush());
  await waitFor(() => expect(store.getState().problems).toEqual([MISSING]));
  expect(paths).toHaveLength(2);
});
