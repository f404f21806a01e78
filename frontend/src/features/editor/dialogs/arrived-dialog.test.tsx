import { fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { printText } from '@/pipeline/text';
import { processing } from '@/testing/definitions';
import { openEditor } from '@/testing/editor';
import { ArrivedDialog } from './arrived-dialog';

const sent: unknown[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', body }: RequestInit) => {
    if (method === 'GET') {
      const definition = printText({
        Version: '2020-12-01',
        Steps: [processing('Same'), processing('Theirs')],
      });
      return Response.json({ definition });
    }
    sent.push([path, JSON.parse(String(body))]);
    return Response.json({});
  });
});
afterEach(() => vi.unstubAllGlobals());

it('compares by step, and takes the version that arrived', async () => {
  const onTaken = vi.fn();
  openEditor(
    [processing('Same'), processing('Mine')],
    <ArrivedDialog version={8} onTaken={onTaken} onClose={vi.fn()} />,
  );
  expect(await screen.findByText('only in yours')).toBeInTheDocument();
  expect(screen.getByText('only in theirs')).toBeInTheDocument();
  fireEvent.click(screen.getByText('Take v8'));
  await waitFor(() => expect(onTaken).toHaveBeenCalled());
  expect(sent).toEqual([[expect.stringContaining('versions/8/restore/'), { revision: 1 }]]);
});

it('keeps what is here when asked to', async () => {
  const onClose = vi.fn();
  openEditor([processing('Mine')], <ArrivedDialog version={8} onTaken={vi.fn()} onClose={onClose} />);
  fireEvent.click(screen.getByText('Keep mine'));
  expect(onClose).toHaveBeenCalled();
  expect(sent).toEqual([]);
});
