import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { addStep, renameStep } from '@/pipeline/edit/steps';
import type { Problem } from '@/pipeline/problem';
import { processing } from '@/testing/definitions';
import { openEditor } from '@/testing/editor';
import { ParametersSheet } from '../dialogs/parameters-sheet';
import { Palette } from '../palette';
import { HistoryPanel } from './history-panel';
import { ProblemsPanel } from './problems-panel';

const PROBLEMS: Problem[] = [
  {
    code: 'unused',
    message: 'The parameter Seed is never used.',
    pointer: '/Parameters/0',
    severity: 'warning',
    step: null,
    fix: null,
  },
  {
    code: 'type',
    message: 'compares text with a number',
    pointer: '/Steps/0/Arguments',
    severity: 'error',
    step: 'Gate',
    fix: { title: 'Make it a Float', patch: [{ op: 'add', path: '/Fixed', value: true }] },
  },
];

describe('the problems', () => {
  it('come with errors first and lead to their step', async () => {
    const onGo = vi.fn();
    const { store } = openEditor([processing('Gate')], <ProblemsPanel onGo={onGo} />, { problems: PROBLEMS });
    const lines = screen.getAllByText(/^(Error|Warning)$/).map((chip) => chip.textContent);
    expect(lines).toEqual(['Error', 'Warning']);
    await userEvent.click(screen.getByText('compares text with a number'));
    expect(store.getState().selected).toEqual(['Gate']);
    expect(onGo).toHaveBeenCalled();
  });

  it('are mended by one step that can be taken back', async () => {
    const { store } = openEditor([processing('Gate')], <ProblemsPanel onGo={() => undefined} />, {
      problems: PROBLEMS,
    });
    await userEvent.click(screen.getByRole('button', { name: 'Make it a Float' }));
    expect(store.getState().documents.definition).toHaveProperty('Fixed', true);
    expect(store.getState().history.past.at(-1)?.edit.label).toBe('Make it a Float');
    store.getState().undo();
    expect(store.getState().documents.definition).not.toHaveProperty('Fixed');
  });

  it('are mended in every step at once where several have them, and taken back at once', async () => {
    const patch = [
      { op: 'add' as const, path: '/Steps/0/Fixed', value: true },
      { op: 'add' as const, path: '/Steps/1/Fixed', value: true },
    ];
    const wide = { ...PROBLEMS[1], everywhere: { title: 'Use Sex in A and B', patch } } as Problem;
    const { store } = openEditor(
      [processing('A'), processing('B')],
      <ProblemsPanel onGo={() => undefined} />,
      { problems: [wide] },
    );
    const offered = screen.getAllByRole('button', { name: /^(Use|Make)/ }).map((one) => one.textContent);
    expect(offered).toEqual(['Use Sex in A and B', 'Make it a Float']);
    await userEvent.click(screen.getByRole('button', { name: 'Use Sex in A and B' }));
    const steps = () => JSON.stringify(store.getState().documents.definition);
    expect(steps().match(/"Fixed":true/g)).toHaveLength(2);
    store.getState().undo();
    expect(steps()).not.toContain('Fixed');
  });

  it('say so when there are none', () => {
    openEditor([processing('Gate')], <ProblemsPanel onGo={() => undefined} />);
    expect(screen.getByText('No problems. This pipeline can run.')).toBeInTheDocument();
  });

  it('promise nothing of a pipeline without steps', () => {
    openEditor([], <ProblemsPanel onGo={() => undefined} />);
    expect(screen.getByText('Nothing to check yet: there are no steps.')).toBeInTheDocument();
  });

  it('are those of AWS when its rules are chosen', async () => {
    const strict = { ...PROBLEMS[0], code: 'over-aws-limit', message: 'has 300 characters; AWS takes 256.' };
    const answer = vi.fn(
      async (_path: string, _init: RequestInit) => new Response(JSON.stringify({ problems: [strict] })),
    );
    vi.stubGlobal('fetch', answer);
    openEditor([processing('Gate')], <ProblemsPanel onGo={() => undefined} />);
    await userEvent.click(screen.getByText('SageMaker strict'));
    expect(await screen.findByText('has 300 characters; AWS takes 256.')).toBeInTheDocument();
    const sent = JSON.parse(String(answer.mock.calls[0]?.[1].body));
    expect(sent.profile).toBe('strict');
    expect(JSON.parse(sent.definition).Steps[0].Name).toBe('Gate');
    vi.unstubAllGlobals();
  });
});

describe('the history', () => {
  it('names every step and goes back to the one that is pressed', async () => {
    const { store } = openEditor([processing('A')], <HistoryPanel />);
    store.getState().run((documents) => renameStep(documents, 'A', 'B'));
    store.getState().run((documents) => addStep(documents, { template: { Type: 'Fail' } }).edit);
    await userEvent.click(await screen.findByText('As opened'));
    expect(store.getState().history.past).toHaveLength(0);
    await userEvent.click(screen.getByText('Rename A to B'));
    expect(store.getState().history.past.map((step) => step.edit.label)).toEqual(['Rename A to B']);
  });
});

describe('the palette', () => {
  it('adds the first hit with Enter and hides what cannot run here', async () => {
    const onAdd = vi.fn();
    openEditor([], <Palette onAdd={onAdd} />);
    expect(screen.queryByText('Process data (EMR)')).not.toBeInTheDocument();
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search steps' }), 'fit{Enter}');
    expect(onAdd).toHaveBeenCalledWith(expect.objectContaining({ title: 'Train model' }));
  });

  it('offers to clear a search without hits', async () => {
    openEditor([], <Palette onAdd={() => undefined} />);
    await userEvent.type(screen.getByRole('searchbox'), 'zebra');
    await userEvent.click(screen.getByText('Clear search'));
    await waitFor(() => expect(screen.getByText('Data')).toBeInTheDocument());
  });
});

describe('the parameters', () => {
  it('are added, typed and told where they are used', async () => {
    const { store } = openEditor(
      [processing('A', [], { Description: { Get: 'Parameters.Parameter' } })],
      <ParametersSheet onClose={() => undefined} />,
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Add parameter' }));
    expect(screen.getByText('Used in 1 place')).toBeInTheDocument();
    await userEvent.selectOptions(screen.getByLabelText('Type of Parameter'), 'Float');
    await userEvent.type(screen.getByLabelText('Default of Parameter'), '0.9');
    expect(store.getState().documents.definition).toMatchObject({
      Parameters: [{ Name: 'Parameter', Type: 'Float', DefaultValue: 0.9 }],
    });
  });
});
