import { describe, expect, it } from 'vitest';
import { loadEntry } from './dataset-step';
import type { PaletteEntry } from './palette';

const entry: PaletteEntry = {
  id: 'library:load-table@1',
  type: 'library:load-table@1',
  title: 'Load table',
  description: '',
  family: 'data',
  icon: '',
  synonyms: [],
  reason: null,
  template: {
    Type: 'Processing',
    Arguments: {
      AppSpecification: { ImageUri: 'clary/steps:1', ContainerEntrypoint: ['python3'] },
      ProcessingInputs: [{ InputName: 'other' }, { InputName: 'file', S3Input: { S3Uri: '' } }],
    },
  },
};
const source = { name: 'people', uri: 's3://b/datasets/people/v1/people.csv', options: {}, found: {} };

describe('a step that loads a dataset', () => {
  it('reads the file of the dataset and is named after it', () => {
    const found = loadEntry([entry], source);
    expect(found?.title).toBe('Load people');
    expect(found?.template).toMatchObject({
      Arguments: { ProcessingInputs: [{ InputName: 'other' }, { S3Input: { S3Uri: source.uri } }] },
    });
    expect(JSON.stringify(found?.template)).not.toContain('ContainerArguments');
    expect(JSON.stringify(entry.template)).toContain('"S3Uri":""');
  });

  it('reads it as people said', () => {
    const options = {
      delimiter: '\t',
      encoding: 'cp1252',
      decimal: ',',
      header: false,
      types: { zip: 'text' },
    };
    const found = loadEntry([entry], { ...source, options });
    expect(found?.template).toMatchObject({
      Arguments: {
        AppSpecification: {
          ContainerArguments: [
            ...['--delimiter', 'tab', '--encoding', 'cp1252', '--header', 'false', '--decimal', ','],
            ...['--types', '{"zip":"text"}'],
          ],
        },
      },
    });
  });

  it('does not take the first row for names where there are none', () => {
    const found = loadEntry([entry], { ...source, found: { header: false } });
    expect(JSON.stringify(found?.template)).toContain('["--header","false"]');
  });

  it('is not there without the library', () => {
    expect(loadEntry([], source)).toBeNull();
  });
});
