import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withLibrary } from '@/pipeline/catalog';
import type { Json, JsonObject } from '@/pipeline/json';
import { OPTIONS } from '@/pipeline/library';
import { valueAt } from '@/pipeline/pointer';
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
  ports: [],
  inputs: [{ name: 'table', kind: 'table', title: 'Table' }],
  outputs: [],
  summary: [],
  template: { Type: 'Processing', Arguments: {} },
  form: {
    type: 'object',
    properties: {
      share: { type: 'number', title: 'Share for testing', description: '…', default: 0.2 },
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

function inspect(words: Json[], columns: string[] | null) {
  const known = columns?.map((name) => ({ name, type: 'text' })) ?? null;
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
  });
  store.getState().select(['Split']);
  return () => valueAt(store.getState().documents.definition, `/Steps/0${OPTIONS}`);
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
