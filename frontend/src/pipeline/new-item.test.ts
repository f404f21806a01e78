import { describe, expect, it } from 'vitest';
import { CATALOG } from '@/testing/catalog';
import { typeInfo } from './catalog';
import { newItem } from './new-item';

const INPUTS = '/Arguments/ProcessingInputs';
const wanted = { list: INPUTS, itemSchema: {}, existing: [], step: 'Split', bucket: 'store' };

describe('a new item of a list', () => {
  it('is what the port it belongs to says, under a free name', () => {
    const info = typeInfo(CATALOG, 'Processing');
    expect(newItem(info, wanted)).toMatchObject({ InputName: 'input' });
    expect(newItem(info, { ...wanted, existing: [{ InputName: 'input' }] })).toMatchObject({
      InputName: 'input2',
      S3Input: { S3Uri: '', LocalPath: '/opt/ml/processing/input/input2' },
    });
  });

  it('is what the schema requires where no port knows better', () => {
    const itemSchema = {
      type: 'object',
      properties: { Name: { type: 'string' }, Limit: { type: 'integer', minimum: 3 } },
      required: ['Name', 'Limit'],
    };
    expect(newItem(undefined, { ...wanted, list: '/Rules', itemSchema })).toEqual({ Name: '', Limit: 3 });
    const labelled = { ...itemSchema, 'x-label': 'Name' };
    expect(newItem(undefined, { ...wanted, list: '/Rules', itemSchema: labelled })).toEqual({
      Name: 'item',
      Limit: 3,
    });
  });

  it('fills in the bucket and the step', () => {
    const info = typeInfo(CATALOG, 'Processing');
    if (!info) throw new Error('no Processing');
    const port = {
      ...info.ports.find((entry) => entry.name === 'output'),
      item: { OutputName: '{name}', At: ['{bucket}', '{step}', '{name}'] },
    };
    const list = '/Arguments/ProcessingOutputConfig/Outputs';
    const made = newItem({ ...info, ports: [port as (typeof info.ports)[number]] }, { ...wanted, list });
    expect(made).toEqual({ OutputName: 'output', At: ['store', 'Split', 'output'] });
  });
});
