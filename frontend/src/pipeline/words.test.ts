import { describe, expect, it } from 'vitest';
import { CATALOG } from '@/testing/catalog';
import { shapeOf, sidesOf, withType } from './conditions';
import { defaultOf, emptyItem, fieldsOfGroup, formGroups, hintOf } from './form';
import { instanceTitle, instanceWords } from './instances';
import { isPipelineName, nameFromTitle, nameProblem, pipelineName, uniqueName } from './names';
import { paletteEntries, searchPalette, sections } from './palette';
import { renamedGet } from './references';
import { givenValues, parameterProblem } from './run-values';
import { describe as say, sourceOf } from './source';
import { dressedAs, fromTemplate, templateOf } from './template';

describe('the palette', () => {
  const entries = paletteEntries(CATALOG);
  const titles = (search: string) => searchPalette(entries, search).map((entry) => entry.title);

  it('finds by title, synonym, type and description, the best first', () => {
    expect(titles('train')[0]).toBe('Train model');
    expect(titles('fit')[0]).toBe('Train model');
    expect(titles('split')).toEqual(['Process data']);
    expect(titles('registermodel')).toEqual(['Register model']);
    expect(titles('score')).toEqual(['Evaluate model']);
    expect(titles('zebra')).toEqual([]);
  });

  it('needs every word to fit', () => {
    expect(titles('train model')).toEqual(['Train model']);
    expect(titles('train zebra')).toEqual([]);
  });

  it('groups by family and puts a variant with a report among the checks', () => {
    const check = sections(CATALOG, entries).find((section) => section.id === 'check');
    expect(check?.entries.map((entry) => entry.title)).toEqual(['Evaluate model']);
  });
});

describe('names', () => {
  it('are made from titles and made unique', () => {
    expect(nameFromTitle('Train model')).toBe('TrainModel');
    expect(uniqueName('A b!', new Set(['A-b']))).toBe('A-b-2');
    expect(nameFromTitle('Load Kündigungen 2024.v1')).toBe('LoadKundigungen2024V1');
    expect(uniqueName('Maße: o\u0308l', new Set())).toBe('Masse-ol');
    expect(uniqueName('x'.repeat(80), new Set(['x'.repeat(64)]))).toBe(`${'x'.repeat(62)}-2`);
  });

  it('are made for a pipeline of any title', () => {
    expect(pipelineName('Kunden: Größe & Umsatz (2024)')).toBe('Kunden-Grosse-Umsatz-2024');
    expect(pipelineName('売上')).toBe('');
    for (const title of ['x'.repeat(300), `${'x'.repeat(255)} y`, '-a-', 'a.b']) {
      expect(isPipelineName(title)).toBe(false);
      expect(isPipelineName(pipelineName(title))).toBe(true);
    }
    expect(isPipelineName('customer-churn')).toBe(true);
  });

  it('are explained when they cannot be', () => {
    expect(nameProblem('step', 'Train', new Set())).toBeNull();
    expect(nameProblem('step', '', new Set())).toContain('needs a name');
    expect(nameProblem('step', 'a b', new Set())).toContain('letters');
    expect(nameProblem('step', 'A', new Set(['A']))).toBe('There is already a step named A.');
    expect(nameProblem('parameter', 'x'.repeat(65), new Set())).toContain('65');
  });

  it('are followed in every kind of reference', () => {
    expect(renamedGet("Steps.A.Outputs['x']", 'A', 'B')).toBe("Steps.B.Outputs['x']");
    expect(renamedGet('Steps.F.IterationOutputs[0].A.x', 'A', 'B')).toBe('Steps.F.IterationOutputs[0].B.x');
    expect(renamedGet('Steps.AB.x', 'A', 'B')).toBeNull();
    expect(renamedGet('Parameters.A', 'A', 'B')).toBeNull();
  });
});

describe('where a value comes from', () => {
  const parameter = { Get: 'Parameters.Rounds' };
  const report = { 'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.R' }, Path: 'auc' } };

  it.each([
    ['xgboost', 'fixed'],
    [undefined, 'fixed'],
    [parameter, 'parameter'],
    [{ 'Std:Join': { On: '', Values: [parameter] } }, 'parameter'],
    [{ Get: 'Steps.Split.X' }, 'output'],
    [report, 'output'],
    [{ 'Std:Join': { On: '/', Values: ['a', parameter] } }, 'expression'],
    [{ Get: 'Execution.PipelineName' }, 'expression'],
    [{ Get: 'Parameters.A', more: 1 }, 'fixed'],
  ])('%j is %s', (value, source) => {
    expect(sourceOf(value)).toBe(source);
  });

  it('is said in words', () => {
    expect(say({ Get: "Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri" })).toBe(
      'Split.train',
    );
    expect(say({ Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' })).toBe('Train.model');
    expect(say(report)).toBe('auc of Evaluate.R');
    expect(say({ 'Std:Join': { On: '/', Values: ['s3:/', parameter] } })).toBe('s3://Parameters.Rounds');
  });
});

describe('joined texts as one line', () => {
  it('are written with places in braces and read back', () => {
    const join = {
      'Std:Join': { On: '/', Values: ['s3:/', 'b', { Get: 'Execution.PipelineExecutionId' }, 'out'] },
    };
    expect(templateOf(join)).toBe('s3://b/{Execution.PipelineExecutionId}/out');
    expect(templateOf(fromTemplate('s3://b/{Execution.PipelineExecutionId}/out'))).toBe(
      's3://b/{Execution.PipelineExecutionId}/out',
    );
    expect(fromTemplate('')).toEqual({ 'Std:Join': { On: '', Values: [''] } });
  });

  it('leave what a line cannot show to JSON', () => {
    expect(templateOf({ 'Std:Join': { On: '', Values: [{ 'Std:JsonGet': {} }] } })).toBeUndefined();
    expect(templateOf({ 'Std:Join': { On: '', Values: ['{x}'] } })).toBeUndefined();
    expect(templateOf({ Get: 'Parameters.A' })).toBeUndefined();
  });

  it('stay texts when their one value is exchanged', () => {
    const like = { 'Std:Join': { On: '', Values: [{ Get: 'Parameters.A' }] } };
    expect(dressedAs(like, { Get: 'Parameters.B' })).toEqual({
      'Std:Join': { On: '', Values: [{ Get: 'Parameters.B' }] },
    });
    expect(dressedAs('x', { Get: 'Parameters.B' })).toEqual({ Get: 'Parameters.B' });
  });
});

describe('forms from schemas', () => {
  const schema = CATALOG.types[0]?.schema ?? {};

  it('have the tabs that are used, in order', () => {
    expect(formGroups(schema)).toEqual(['Settings', 'Data', 'Retry & cache']);
    expect(formGroups({})).toEqual(['Settings']);
  });

  it('open wrappers, mark what is required and say ranges', () => {
    const fields = fieldsOfGroup(schema, 'Settings');
    expect(fields.map((field) => field.title)).toEqual([
      'Image',
      'Command',
      'Environment variables',
      'Stop after',
      'Role',
    ]);
    expect(fields[0]).toMatchObject({
      pointer: '/Arguments/AppSpecification/ImageUri',
      required: true,
      widget: 'image',
    });
    const stop = fields[3];
    expect(stop && [hintOf(stop), defaultOf(stop)]).toEqual(['1 – 100', 60]);
    expect(fields[4]?.advanced).toBe(true);
  });

  it('start list items with what they need', () => {
    expect(
      emptyItem({
        type: 'object',
        required: ['a', 'n'],
        properties: { a: { type: 'string' }, b: {}, n: { type: 'integer', minimum: 1 } },
      }),
    ).toEqual({ a: '', n: 1 });
    expect(emptyItem(undefined)).toBe('');
  });
});

describe('comparisons', () => {
  it('keep their two sides under another operator', () => {
    const more = { Type: 'GreaterThan', LeftValue: 'a', RightValue: 2 };
    expect(withType(more, 'In')).toEqual({ Type: 'In', QueryValue: 'a', Values: [2] });
    expect(withType(withType(more, 'In'), 'Equals')).toEqual({
      Type: 'Equals',
      LeftValue: 'a',
      RightValue: 2,
    });
  });

  it('read both spellings of In and know what they cannot show', () => {
    expect(sidesOf({ Type: 'In', Value: 1, In: [] })).toEqual({ left: 'Value', right: 'In' });
    expect(sidesOf({ Type: 'In', QueryValue: 1, Values: [] })).toEqual({
      left: 'QueryValue',
      right: 'Values',
    });
    expect(shapeOf({ Type: 'Or' })).toBe('or');
    expect(shapeOf({ Type: 'Strange' })).toBe('unknown');
  });
});

describe('values of a run', () => {
  const parameter = {
    name: 'N',
    type: 'Integer' as const,
    defaultValue: 3,
    enumValues: [],
    description: '',
    pointer: '',
  };

  it('are checked by type before anything is sent', () => {
    expect(parameterProblem(parameter, '')).toBeNull();
    expect(parameterProblem({ ...parameter, defaultValue: undefined }, '')).toContain('no default');
    expect(parameterProblem(parameter, '1.5')).toContain('whole number');
    expect(parameterProblem({ ...parameter, type: 'Float' }, 'x')).toContain('number');
    expect(parameterProblem({ ...parameter, type: 'Boolean' }, 'yes')).toContain('True or false');
    expect(parameterProblem({ ...parameter, type: 'String', enumValues: ['a', 'b'] }, 'c')).toContain('a, b');
  });

  it('leave out what was not typed and what no longer exists', () => {
    expect(givenValues([parameter], { N: '5', Gone: 'x' })).toEqual({ N: '5' });
    expect(givenValues([parameter], { N: '' })).toEqual({});
  });
});

describe('instance types', () => {
  const known = [
    { type: 'ml.m5.large', words: '2 CPU · 8 GiB', cpus: 2, memory_gib: 8, gpus: 0, offered: true },
  ];

  it('are said in processors and memory, in the words of the server', () => {
    expect(instanceWords(known, 'ml.m5.large')).toBe('2 CPU · 8 GiB');
    expect(instanceTitle(known, 'ml.m5.large')).toBe('2 CPU · 8 GiB (ml.m5.large)');
    expect(instanceWords(known, 'mine')).toBe('');
    expect(instanceTitle(known, 'mine')).toBe('mine');
  });
});
