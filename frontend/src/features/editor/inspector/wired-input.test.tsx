import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withLibrary } from '@/pipeline/catalog';
import type { Json, JsonObject } from '@/pipeline/json';
import { valueAt } from '@/pipeline/pointer';
import { CATALOG } from '@/testing/catalog';
import { openEditor } from '@/testing/editor';
import type { EditorCommands } from '../commands';
import { Inspector } from './inspector';

const FILE = 's3://models/a/model.tar.gz';
const PREDICT = {
  reference: 'predict@1',
  title: 'Predict',
  family: 'model',
  icon: 'wand',
  description: 'Answer for rows.',
  synonyms: [],
  ports: ['model', 'table'].map((name) => ({
    name,
    direction: 'in' as const,
    json_type: 'string',
    kind: name,
    reference: null,
    item: { InputName: name, S3Input: { S3Uri: '{value}' } },
    item_name: 'InputName',
    report_as: 'uri' as const,
    title: name,
    pattern: `/Arguments/ProcessingInputs/[InputName=${name}]/S3Input/S3Uri`,
  })),
  inputs: [
    { name: 'model', kind: 'model', title: 'Model' },
    { name: 'table', kind: 'table', title: 'Rows' },
  ],
  outputs: [],
  summary: [],
  template: { Type: 'Processing', Arguments: {} },
  form: { type: 'object', properties: {} },
};
const catalog = withLibrary({ ...CATALOG, library: [PREDICT] });
const none = { rename: vi.fn() } as Partial<EditorCommands> as EditorCommands;

function version(group: string, number: number, data: string) {
  return {
    id: `${group}-${number}`,
    group,
    version: number,
    approval_status: 'PendingManualApproval',
    created_at: '2026-11-23T12:00:00Z',
    data,
  };
}

/** A registry of three versions, one of which keeps no file. */
const VERSIONS = [version('fraud', 1, ''), version('churn', 3, FILE), version('churn', 2, 's3://models/b')];

async function answer(input: RequestInfo | URL) {
  const { pathname, searchParams: asked } = new URL(String(input), 'http://studio');
  if (!pathname.endsWith('/model-versions/')) return Response.json({ steps: {}, problems: [] });
  const [search, data] = [asked.get('search') ?? '', asked.get('data')];
  const found = VERSIONS.filter((one) => one.group.includes(search) && (data === null || one.data === data));
  return Response.json({ results: found, next: null });
}

function inspect(model?: Json) {
  vi.stubGlobal('fetch', vi.fn(answer));
  const step: JsonObject = {
    Name: 'Predict',
    Type: 'Processing',
    Arguments: {
      AppSpecification: { ContainerEntrypoint: ['python3', '-m', 'clary_steps', 'predict@1'] },
      ...(model === undefined
        ? {}
        : { ProcessingInputs: [{ InputName: 'model', S3Input: { S3Uri: model } }] }),
    },
  };
  const { store } = openEditor([step], <Inspector commands={none} onCollapse={() => undefined} />, {
    catalog,
  });
  store.getState().select(['Predict']);
  return () => valueAt(store.getState().documents.definition, '/Steps/0/Arguments/ProcessingInputs');
}

afterEach(() => vi.unstubAllGlobals());

describe('the model of a ready-made step', () => {
  it('is a registered one that was searched for and chosen, and is called by its name', async () => {
    const inputs = inspect();
    await userEvent.click(await screen.findByRole('button', { name: 'Choose a registered model' }));
    expect(await screen.findByRole('button', { name: /^fraud · version 1/ })).toBeDisabled();
    await userEvent.type(screen.getByRole('searchbox', { name: 'Search registered models' }), 'chu');
    await waitFor(() => expect(screen.queryByRole('button', { name: /^fraud/ })).toBeNull());
    await userEvent.click(
      await screen.findByRole('button', { name: /^churn · version 3Waiting for approval/ }),
    );
    expect(inputs()).toEqual([{ InputName: 'model', S3Input: { S3Uri: FILE } }]);
    expect(await screen.findByRole('button', { name: 'Model: churn · version 3' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Choose another registered model' })).toBeInTheDocument();
  });

  it('is taken away again', async () => {
    const inputs = inspect(FILE);
    await userEvent.click(await screen.findByRole('button', { name: 'Model: churn · version 3' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Take this one away' }));
    expect(inputs()).toEqual([]);
    expect(screen.getByRole('button', { name: 'Model: not connected' })).toBeInTheDocument();
  });

  it('stays an address where no registered model has it', async () => {
    inspect('s3://elsewhere/model.tar.gz');
    expect(
      await screen.findByRole('button', { name: 'Model: s3://elsewhere/model.tar.gz' }),
    ).toBeInTheDocument();
  });

  it('is offered for no table, and not where a wire ends', async () => {
    inspect({ Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' });
    await screen.findByRole('button', { name: /^Model: Train/ });
    expect(screen.getByRole('button', { name: 'Rows: not connected' })).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /registered model/ })).toBeNull();
  });
});
