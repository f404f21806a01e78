import { describe, expect, it } from 'vitest';
import { draft, outputOf, processing, training } from '@/testing/definitions';
import { applyPatch } from '../patch';
import { valueAt } from '../pointer';
import type { DraftDocuments } from './edit';
import { itemNameProblem, renameItem } from './items';

const REFERENCE = "ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri";
const OUTPUTS = '/Arguments/ProcessingOutputConfig/Outputs';

function renamed(documents: DraftDocuments, name: string, output = 0) {
  const edit = renameItem(documents, {
    step: 'Split',
    item: `${OUTPUTS}/${output}`,
    key: 'OutputName',
    name,
    reference: REFERENCE,
  });
  return { edit, definition: applyPatch(documents.definition, edit.definition).document };
}

describe('renaming an output', () => {
  const here = draft([processing('Split', ['train', 'test']), training('Train', outputOf('Split', 'train'))]);

  it('takes every reference along, and leaves those to other outputs alone', () => {
    const { definition, edit } = renamed(here, 'learn');
    expect(valueAt(definition, `/Steps/0${OUTPUTS}/0/OutputName`)).toBe('learn');
    expect(JSON.stringify(definition)).toContain(
      "Steps.Split.ProcessingOutputConfig.Outputs['learn'].S3Output.S3Uri",
    );
    expect(JSON.stringify(definition)).not.toContain("['train']");
    const other = renamed(here, 'check', 1).definition;
    expect(JSON.stringify(other)).toContain("['train']");
    expect(edit.label).toBe('Rename train of Split to learn');
  });

  it('comes back exactly when it is renamed back', () => {
    const { definition } = renamed(here, 'learn');
    expect(renamed({ ...here, definition }, 'train').definition).toEqual(here.definition);
  });

  it('moves the folder, the end of the address and the report that are named after it', () => {
    const step = processing('Split', ['train']);
    const item = {
      OutputName: 'train',
      S3Output: {
        S3Uri: { 'Std:Join': { On: '/', Values: ['s3:/', 'bucket', 'training', 'train'] } },
        LocalPath: '/opt/ml/processing/train',
      },
    };
    const full = draft([
      {
        ...step,
        Arguments: { ProcessingOutputConfig: { Outputs: [item] } },
        PropertyFiles: [{ PropertyFileName: 'train', OutputName: 'train', FilePath: 'a.json' }],
      },
    ]);
    const { definition } = renamed(full, 'learn');
    expect(valueAt(definition, `/Steps/0${OUTPUTS}/0`)).toEqual({
      OutputName: 'learn',
      S3Output: {
        S3Uri: { 'Std:Join': { On: '/', Values: ['s3:/', 'bucket', 'training', 'learn'] } },
        LocalPath: '/opt/ml/processing/learn',
      },
    });
    expect(valueAt(definition, '/Steps/0/PropertyFiles/0')).toEqual({
      PropertyFileName: 'train',
      OutputName: 'learn',
      FilePath: 'a.json',
    });
  });

  it('refuses a name that is taken, empty, or would break a reference', () => {
    const list = [{ OutputName: 'train' }, { OutputName: 'test' }];
    expect(itemNameProblem('test', list, 'OutputName', 0)).toBe('The name test is taken.');
    expect(itemNameProblem('train', list, 'OutputName', 0)).toBeNull();
    expect(itemNameProblem('', list, 'OutputName', 0)).toBe('A name is needed.');
    expect(itemNameProblem("it's", list, 'OutputName', 0)).toContain('no quotes');
  });
});
