import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '@/pipeline/json';
import { valueAt } from '@/pipeline/pointer';
import { condition, outputOf, processing, training } from '@/testing/definitions';
import { openEditor } from '@/testing/editor';
import type { EditorCommands } from '../commands';
import { Inspector } from './inspector';

const commands = {
  rename: vi.fn(() => true),
  remove: vi.fn(),
  duplicate: vi.fn(),
  tidy: vi.fn(),
} as Partial<EditorCommands> as EditorCommands;

function inspect(steps: JsonObject[], selected: string, options: Parameters<typeof openEditor>[2] = {}) {
  const opened = openEditor(steps, <Inspector commands={commands} onCollapse={() => undefined} />, options);
  const read = (pointer: string) => valueAt(opened.store.getState().documents.definition, pointer);
  opened.store.getState().select(selected ? [selected] : []);
  return { ...opened, read };
}

const STEP = processing('Split', ['train'], {});
const tab = (name: string) => userEvent.click(screen.getByRole('tab', { name }));

describe('the inspector', () => {
  it('shows the tabs and fields that the schema of the step has', async () => {
    inspect([STEP], 'Split');
    expect(await screen.findByRole('textbox', { name: 'Step name' })).toHaveValue('Split');
    expect(screen.getAllByRole('tab').map((entry) => entry.textContent)).toEqual([
      'Settings',
      'Data',
      'Retry & cache',
      'JSON',
    ]);
    expect(screen.getByLabelText('Stop after')).toHaveAttribute('placeholder', '60');
    expect(screen.queryByText('Role')).not.toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Advanced (1)' }));
    expect(screen.getByLabelText('Role')).toBeInTheDocument();
  });

  it('writes what is typed, as the type the field has and in the spelling it was typed', async () => {
    const { read, store } = inspect([STEP], 'Split');
    const field = await screen.findByLabelText('Stop after');
    await userEvent.type(field, '30');
    expect(read('/Steps/0/Arguments/StoppingCondition/MaxRuntimeInSeconds')).toBe(30);
    await userEvent.clear(field);
    await userEvent.type(field, 'soon');
    expect(field).toBeInvalid();
    expect(read('/Steps/0/Arguments/StoppingCondition/MaxRuntimeInSeconds')).toBeUndefined();
    expect(store.getState().history.past).toHaveLength(1);
  });

  it('keeps a field’s value while its source is switched there and back', async () => {
    const { read } = inspect([STEP], 'Split');
    await userEvent.type(await screen.findByLabelText('Stop after'), '30');
    await userEvent.click(screen.getByRole('button', { name: 'Source of Stop after: Fixed' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Parameter' }));
    expect(read('/Steps/0/Arguments/StoppingCondition/MaxRuntimeInSeconds')).toEqual({ Get: 'Parameters.' });
    await userEvent.click(screen.getByRole('button', { name: 'Source of Stop after: Parameter' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Fixed' }));
    expect(read('/Steps/0/Arguments/StoppingCondition/MaxRuntimeInSeconds')).toBe(30);
  });

  it('adds, names and removes items of a list', async () => {
    const { read } = inspect([STEP], 'Split');
    await screen.findByRole('textbox', { name: 'Step name' });
    await tab('Data');
    await userEvent.click(screen.getByRole('button', { name: 'Add input' }));
    const added = '/Steps/0/Arguments/ProcessingInputs/0';
    expect(read(added)).toEqual({
      InputName: 'input',
      S3Input: { S3Uri: '', LocalPath: '/opt/ml/processing/input/input' },
    });
    expect(screen.getByLabelText('Name')).toHaveFocus();
    await userEvent.keyboard('data{Enter}');
    expect(read(added)).toEqual({
      InputName: 'data',
      S3Input: { S3Uri: '', LocalPath: '/opt/ml/processing/input/data' },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Remove data' }));
    expect(read('/Steps/0/Arguments/ProcessingInputs')).toBeUndefined();
  });

  it('edits names and values of a map', async () => {
    const { read } = inspect([STEP], 'Split');
    await screen.findByRole('textbox', { name: 'Step name' });
    const section = screen.getByText('Environment variables').closest('[data-field]') as HTMLElement;
    await userEvent.click(within(section).getByRole('button', { name: 'Add' }));
    await userEvent.type(screen.getByLabelText('Value of name1'), 'on');
    const name = screen.getByLabelText('Name name1');
    await userEvent.clear(name);
    await userEvent.type(name, 'DEBUG{Enter}');
    expect(read('/Steps/0/Arguments/Environment')).toEqual({ DEBUG: 'on' });
  });

  it('shows a problem at its field and leads there', async () => {
    const problem = {
      code: 'c',
      message: 'Split needs an image.',
      pointer: '/Steps/0/Arguments/ProcessingInputs/0',
      severity: 'error' as const,
      step: 'Split',
      fix: null,
    };
    const steps = [processing('Split', [], { Arguments: { ProcessingInputs: [{ InputName: 'x' }] } })];
    const { store } = inspect(steps, 'Split', { problems: [problem] });
    await screen.findByRole('textbox', { name: 'Step name' });
    store.getState().focusOn(problem);
    expect(await screen.findByRole('tab', { name: 'Data', selected: true })).toBeInTheDocument();
    expect(screen.getByLabelText('Name')).toBeInTheDocument();
  });

  it('explains a name that cannot be while it is typed', async () => {
    inspect([STEP, training('Train')], 'Split');
    const field = await screen.findByRole('textbox', { name: 'Step name' });
    await userEvent.clear(field);
    await userEvent.type(field, 'Train');
    expect(screen.getByText('There is already a step named Train.')).toBeInTheDocument();
    fireEvent.blur(field);
    expect(field).toHaveValue('Split');
    expect(commands.rename).not.toHaveBeenCalled();
  });

  it('writes a comparison in plain words', async () => {
    const { read } = inspect([condition('Gate')], 'Gate');
    await screen.findByRole('textbox', { name: 'Step name' });
    expect(screen.getByRole('tab', { name: 'JSON' })).toBeInTheDocument();
    expect(read('/Steps/0/Arguments/Conditions/0/Type')).toBe('GreaterThanOrEqualTo');
  });

  it('switches everything off for a person who may only look', async () => {
    inspect([STEP], 'Split', { readOnly: true });
    expect(await screen.findByRole('textbox', { name: 'Step name' })).toBeDisabled();
    expect(screen.getByLabelText('Stop after')).toBeDisabled();
  });

  it('says what a wire hands over and cuts it', async () => {
    const { store } = inspect([STEP, training('Train', outputOf('Split', 'train'))], '');
    store.getState().select([], ["data:Split>Train:ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"]);
    expect(
      await screen.findByText("Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Cut this wire' }));
    expect(commands.remove).toHaveBeenCalled();
  });
});
