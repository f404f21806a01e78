import { describe, expect, it } from 'vitest';
import { draft, outputOf, processing, training } from '@/testing/definitions';
import type { Port } from '../catalog';
import type { Json, JsonObject } from '../json';
import { applyPatch } from '../patch';
import { valueAt } from '../pointer';
import type { DraftDocuments } from './edit';
import { giveInput } from './wires';

const FILE = 's3://models/a/model.tar.gz';
const PORTS = ['model', 'table'].map(
  (name): Port => ({
    name,
    direction: 'in',
    pattern: `/Arguments/ProcessingInputs/[InputName=${name}]/S3Input/S3Uri`,
    json_type: 'string',
    kind: name,
    reference: null,
    item: inputItem(name, '{value}'),
    item_name: 'InputName',
    report_as: 'uri',
    title: name,
  }),
);

function inputItem(name: string, address: Json): JsonObject {
  return { InputName: name, S3Input: { S3Uri: address, LocalPath: `/opt/ml/processing/input/${name}` } };
}

function predict(...inputs: JsonObject[]): DraftDocuments {
  return draft([training('Train'), processing('Predict', [], { Arguments: { ProcessingInputs: inputs } })]);
}

function given(documents: DraftDocuments, port = 'model') {
  const edit = giveInput(documents, { target: 'Predict', port, ports: PORTS, value: FILE });
  const { document } = applyPatch(documents.definition, edit.definition);
  return { edit, inputs: valueAt(document, '/Steps/1/Arguments/ProcessingInputs') };
}

describe('giving an input a value of its own', () => {
  it('adds the input with all that belongs to it, behind those that are there', () => {
    const table = inputItem('table', outputOf('Load', 'table'));
    const { edit, inputs } = given(predict(table));
    expect(inputs).toEqual([table, inputItem('model', FILE)]);
    expect(edit.label).toBe('Choose “model” of Predict');
  });

  it('takes the place of what was wired or chosen before', () => {
    const wired = { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' };
    for (const before of [wired, 's3://models/old/model.tar.gz']) {
      expect(given(predict(inputItem('model', before))).inputs).toEqual([inputItem('model', FILE)]);
    }
  });

  it('refuses an input the step does not have', () => {
    expect(() => given(predict(), 'rows')).toThrow('Predict has no input rows.');
  });
});
