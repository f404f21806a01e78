import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Problem } from '@/pipeline/problem';
import { processing } from '@/testing/definitions';
import { openEditor } from '@/testing/editor';
import { RunDialog } from './run-dialog';

const WARNING: Problem = {
  code: 'larger-than-machine',
  message: 'Split: ml.m5.24xlarge has 96 processors; this machine has 2.',
  pointer: '/Steps/0/Arguments',
  severity: 'warning',
  step: 'Split',
  fix: null,
};

afterEach(() => vi.unstubAllGlobals());

function open(warnings: () => Response) {
  const paths: string[] = [];
  vi.stubGlobal('fetch', async (path: string) => {
    paths.push(path);
    return path.endsWith('/draft/warnings/') ? warnings() : Response.json({ id: 'e1' });
  });
  const onStarted = vi.fn();
  openEditor([processing('Split')], <RunDialog onStarted={onStarted} onClose={() => undefined} />);
  return { onStarted, paths };
}

describe('the run form', () => {
  it('shows what the server warns of and starts all the same', async () => {
    const { onStarted } = open(() => Response.json({ problems: [WARNING] }));
    const warnings = await screen.findByRole('list', { name: 'Good to know before this run' });
    expect(warnings).toHaveTextContent(WARNING.message);
    await userEvent.click(screen.getByRole('button', { name: 'Run' }));
    await waitFor(() => expect(onStarted).toHaveBeenCalledWith({ id: 'e1' }));
  });

  it('is not held up when the warnings cannot be read', async () => {
    const { onStarted, paths } = open(() => Response.json({ detail: 'away' }, { status: 503 }));
    await waitFor(() => expect(paths).toHaveLength(1));
    expect(screen.queryByRole('list')).not.toBeInTheDocument();
    expect(screen.queryByText('away')).not.toBeInTheDocument();
    await userEvent.click(await screen.findByRole('button', { name: 'Run' }));
    await waitFor(() => expect(onStarted).toHaveBeenCalled());
  });
});
