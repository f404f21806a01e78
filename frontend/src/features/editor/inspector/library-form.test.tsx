import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withLibrary } from '@/pipeline/catalog';
import type { Json, JsonObject } from '@/pipeline/json';
import { OPTIONS } from '@/pipeline/library';
import { valueAt } from '@/pipeline/pointer';
import type { Problem } from '@/pipeline/problem';
import { CATALOG } from '@/testing/catalog';
import { openEditor } from '@/testing/editor';
import type { EditorCommands } from '../commands';
import { Inspector } from './inspector';

const SPLIT = {
  reference: 'split@1',
  title: 'Split',
  family: 'data',
  icon: 'split',
  description: 'Divide the rows.',
  synonyms: [],
  ports: [
    {
      name: 'validation',
      direction: 'out' as const,
      json_type: 'string',
      kind: 'table',
      reference: null,
      item_name: 'OutputName',
      report_as: 'value' as const,
      title: 'Rows to validate with',
      pattern: '/Arguments/ProcessingOutputConfig/Outputs/[OutputName=validation]',
      item: { OutputName: 'validation', S3Output: { S3Uri: 's3://x/{step}' } },
    },
  ],
  inputs: [{ name: 'table', kind: 'table', title: 'Table' }],
  outputs: [{ name: 'validation', kind: 'table', title: 'Rows to validate with', when: 'validation' }],
  summary: [],
  template: { Type: 'Processing', Arguments: {} },
  form: {
    type: 'object',
    properties: {
      share: { type: 'number', title: 'Share for testing', description: '…', default: 0.2 },
      validation: { type: 'number', title: 'Share for validation', description: '…', default: 0 },
      stratify: { type: 'string', title: 'Keep the mix of', 'x-widget': 'column', 'x-port': 'table' },
      method: {
        type: 'string',
        title: 'How',
        enum: ['random', 'ordered'],
        'x-titles': ['At random', 'In order'],
      },
      sort: { type: 'string', title: 'Order by', 'x-when': { method: ['ordered'] } },
    },
  },
};
const catalog = withLibrary({ ...CATALOG, library: [SPLIT] });
const none = { rename: vi.fn() } as Partial<EditorCommands> as EditorCommands;

function inspect(words: Json[], columns: string[] | null, problems: Problem[] = []) {
  const known =
    columns?.map((name) => ({ name, type: 'text', ...(name.endsWith('_') ? { open: true } : {}) })) ?? null;
  const steps = { Split: { inputs: { table: known }, outputs: {} } };
  vi.stubGlobal(
    'fetch',
    vi.fn(async () => Response.json({ steps, problems: [] })),
  );
  const app: JsonObject = {
    ContainerEntrypoint: ['python3', '-m', 'clary_steps', 'split@1'],
    ...(words.length > 0 ? { ContainerArguments: words } : {}),
  };
  const step: JsonObject = { Name: 'Split', Type: 'Processing', Arguments: { AppSpecification: app } };
  const { store } = openEditor([step], <Inspector commands={none} onCollapse={() => undefined} />, {
    catalog,
    problems,
  });
  store.getState().select(['Split']);
  return (pointer = OPTIONS) => valueAt(store.getState().documents.definition, `/Steps/0${pointer}`);
}

afterEach(() => vi.unstubAllGlobals());

describe('the form of a ready-made step', () => {
  it('writes options as pairs of words and takes them out again', async () => {
    const words = inspect([], null);
    const share = await screen.findByLabelText('Share for testing');
    expect(share).toHaveAttribute('placeholder', '0.2');
    await userEvent.type(share, '0.3');
    expect(words()).toEqual(['--share', '0.3']);
    await userEvent.clear(share);
    expect(words()).toBeUndefined();
  });

  it('mends a column beside its field, in one step or in every step that names it', async () => {
    const path = `/Steps/0${OPTIONS}/1`;
    const problem: Problem = {
      code: 'unknown-column',
      message: 'Split: the column "labl" is not in the table that arrives.',
      pointer: path,
      severity: 'error',
      step: 'Split',
      fix: { title: 'Use label', patch: [{ op: 'replace', path, value: 'label' }] },
      everywhere: { title: 'Use label in Split and Train', patch: [{ op: 'replace', path, value: 'label' }] },
    };
    const words = inspect(['--stratify', 'labl'], ['age', 'label'], [problem]);
    expect(await screen.findByRole('button', { name: 'Use label in Split and Train' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Use label' }));
    expect(words()).toEqual(['--stratify', 'label']);
  });

  it('does not call a column missing that only a run can tell of', async () => {
    inspect(['--stratify', 'city_Oslo'], ['age', 'city_']);
    expect(await screen.findByRole('option', { name: 'city_Oslo' })).toBeInTheDocument();
    expect(screen.queryByRole('option', { name: 'city_' })).toBeNull();
    expect(await screen.findByText(/Columns called city_… are offered once/)).toBeInTheDocument();
  });

  it('declares the output an option calls for, and takes it back with it', async () => {
    const words = inspect([], null);
    await userEvent.type(await screen.findByLabelText('Share for validation'), '0.1');
    expect(words()).toEqual(['--validation', '0.1']);
    const outputs = () => words('/Arguments/ProcessingOutputConfig/Outputs');
    expect(outputs()).toEqual([{ OutputName: 'validation', S3Output: { S3Uri: 's3://x/Split' } }]);
    await userEvent.clear(screen.getByLabelText('Share for validation'));
    expect(outputs()).toEqual([]);
  });

  it('offers the columns that arrive, and says which one is not there', async () => {
    const words = inspect(['--stratify', 'gone'], ['age', 'label']);
    expect(await screen.findByRole('option', { name: 'gone (not there)' })).toBeInTheDocument();
    await userEvent.selectOptions(screen.getByLabelText('Keep the mix of'), 'label');
    expect(words()).toEqual(['--stratify', 'label']);
  });

  it('lets a column be typed while nobody knows them', async () => {
    inspect([], null);
    await waitFor(() => expect(screen.getByLabelText('Keep the mix of').tagName).toBe('INPUT'));
    expect(screen.getByText(/Columns are offered once the table is known/)).toBeInTheDocument();
  });

  it('shows a field only where it means something', async () => {
    inspect([], null);
    const how = await screen.findByLabelText('How');
    expect(screen.queryByLabelText('Order by')).not.toBeInTheDocument();
    await userEvent.selectOptions(how, 'In order');
    expect(screen.getByLabelText('Order by')).toBeInTheDocument();
  });
});
