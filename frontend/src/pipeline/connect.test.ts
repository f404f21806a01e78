import { describe, expect, it } from 'vitest';
import { CATALOG } from '@/testing/catalog';
import { condition, draft, outputOf, processing, training } from '@/testing/definitions';
import { clearChoice, endings, fitsWire, wireChoices } from './connect';
import { deriveGraph } from './graph';
import type { JsonObject } from './json';
import { applyPatch } from './patch';
import { valueAt } from './pointer';

function scene(steps: JsonObject[]) {
  const documents = draft(steps);
  return { documents, graph: deriveGraph(documents.definition), catalog: CATALOG };
}

const EVALUATE = processing('Evaluate', ['evaluation'], {
  PropertyFiles: [{ PropertyFileName: 'Evaluation', OutputName: 'evaluation', FilePath: 'evaluation.json' }],
});
const REGISTER = {
  Name: 'Register',
  Type: 'RegisterModel',
  Arguments: { InferenceSpecification: { Containers: [{ ModelDataUrl: '' }] } },
};

describe('what a wire can mean', () => {
  it('takes the free channel without asking', () => {
    const here = scene([processing('Split', ['train', 'test']), training('Train')]);
    const { choices } = wireChoices(here, { source: 'Split', port: 'output:train', target: 'Train' });
    const chosen = clearChoice(choices);
    const after = applyPatch(here.documents.definition, chosen?.make().definition ?? []).document;
    expect(valueAt(after, '/Steps/1/Arguments/InputDataConfig/0/DataSource/S3DataSource/S3Uri')).toEqual(
      outputOf('Split', 'train'),
    );
  });

  it('takes the model archive of a folder that is wired where one model file is wanted', () => {
    const info = CATALOG.types.map((entry) =>
      entry.type === 'RegisterModel'
        ? { ...entry, ports: entry.ports.map((port) => ({ ...port, folder_file: 'model.tar.gz' })) }
        : entry,
    );
    const here = {
      ...scene([processing('Evaluate', ['model']), REGISTER]),
      catalog: { ...CATALOG, types: info },
    };
    const { choices } = wireChoices(here, { source: 'Evaluate', port: 'output:model', target: 'Register' });
    const after = applyPatch(
      here.documents.definition,
      clearChoice(choices)?.make().definition ?? [],
    ).document;
    expect(valueAt(after, '/Steps/1/Arguments/InferenceSpecification/Containers/0/ModelDataUrl')).toEqual({
      'Std:Join': { On: '/', Values: [outputOf('Evaluate', 'model'), 'model.tar.gz'] },
    });
    expect(deriveGraph(after).edges.map(({ source, target }) => [source, target])).toEqual([
      ['Evaluate', 'Register'],
    ]);
  });

  it('adds a channel when none is free', () => {
    const here = scene([
      processing('Split', ['train', 'test']),
      training('Train', outputOf('Split', 'train')),
    ]);
    const chosen = clearChoice(
      wireChoices(here, { source: 'Split', port: 'output:test', target: 'Train' }).choices,
    );
    const after = applyPatch(here.documents.definition, chosen?.make().definition ?? []).document;
    expect(valueAt(after, '/Steps/1/Arguments/InputDataConfig/1/ChannelName')).toBe('test');
  });

  it('puts a model where a model is wanted', () => {
    const chosen = clearChoice(
      wireChoices(scene([training('Train'), REGISTER]), {
        source: 'Train',
        port: 'model',
        target: 'Register',
      }).choices,
    );
    expect(chosen?.make().definition[0]).toMatchObject({
      value: { Get: 'Steps.Train.ModelArtifacts.S3ModelArtifacts' },
    });
  });

  it('refuses data where a model is wanted, and says why', () => {
    const { choices, reason } = wireChoices(scene([processing('Split'), REGISTER]), {
      source: 'Split',
      port: 'output:output',
      target: 'Register',
    });
    expect(choices).toEqual([]);
    expect(reason).toBe('Model takes a model, not data.');
  });

  it('reads a value from a report for a comparison', () => {
    const chosen = clearChoice(
      wireChoices(scene([EVALUATE, condition('Gate')]), {
        source: 'Evaluate',
        port: 'report:Evaluation',
        target: 'Gate',
      }).choices,
    );
    expect(chosen?.make().definition[0]?.value).toEqual({
      'Std:JsonGet': { PropertyFile: { Get: 'Steps.Evaluate.PropertyFiles.Evaluation' }, Path: '' },
    });
  });

  it('runs a step in a branch', () => {
    const here = scene([condition('Gate'), REGISTER]);
    const chosen = clearChoice(wireChoices(here, { source: 'Gate', port: 'if', target: 'Register' }).choices);
    const after = applyPatch(here.documents.definition, chosen?.make().definition ?? []).document;
    expect(valueAt(after, '/Steps/0/Arguments/IfSteps/0/Name')).toBe('Register');
  });

  it('writes order only from the foot of a step', () => {
    const { choices } = wireChoices(scene([processing('A'), processing('B')]), {
      source: 'A',
      port: 'after',
      target: 'B',
    });
    expect(choices.map((choice) => choice.id)).toEqual(['order']);
  });

  it('refuses a loop', () => {
    const here = scene([processing('Split', ['train']), training('Train', outputOf('Split', 'train'))]);
    const { choices, reason } = wireChoices(here, { source: 'Train', port: 'model', target: 'Split' });
    expect(choices).toEqual([]);
    expect(reason).toContain('close a loop');
  });

  it('asks when several answers are equally good', () => {
    const two = training('Train');
    const args = two.Arguments as JsonObject;
    args.InputDataConfig = ['a', 'b'].map((ChannelName) => ({
      ChannelName,
      DataSource: { S3DataSource: { S3Uri: '' } },
    }));
    const { choices } = wireChoices(scene([processing('Split'), two]), {
      source: 'Split',
      port: 'output:output',
      target: 'Train',
    });
    expect(clearChoice(choices)).toBeNull();
    expect(choices.slice(0, 2).map((choice) => choice.title)).toEqual([
      'Training data “a”',
      'Training data “b”',
    ]);
  });

  it('calls the inputs of a ready-made step by their titles alone', () => {
    const port = CATALOG.types
      .find((entry) => entry.type === 'Processing')
      ?.ports.find((one) => one.direction === 'in');
    if (!port) throw new Error('Processing has no input');
    const own = (name: string, title: string) => ({
      ...port,
      name,
      title,
      pattern: port.pattern.replace('*', `[InputName=${name}]`),
    });
    const ports = [own('model1', 'First model'), own('model2', 'Second model')];
    const types = CATALOG.types.map((entry) =>
      entry.type === 'Processing'
        ? { ...entry, ports: [...ports, ...entry.ports.filter((one) => one.direction === 'out')] }
        : entry,
    );
    const here = {
      ...scene([processing('Split', ['train']), processing('Compare')]),
      catalog: { ...CATALOG, types },
    };
    const { choices } = wireChoices(here, { source: 'Split', port: 'output:train', target: 'Compare' });
    expect(choices.slice(0, 2).map((choice) => choice.title)).toEqual(['First model', 'Second model']);
  });
});

describe('while a wire is dragged', () => {
  const here = scene([
    processing('Split', ['train']),
    training('Train', outputOf('Split', 'train')),
    REGISTER,
    condition('Gate'),
  ]);
  const judge = (start: { step: string; port: string }, target: string) => {
    const entry = here.graph.steps.find((step) => step.name === target);
    if (!entry) throw new Error(target);
    return endings(here, start)(entry);
  };

  it('welcomes steps that can take it and refuses the others with a reason', () => {
    expect(judge({ step: 'Train', port: 'model' }, 'Register').ok).toBe(true);
    expect(judge({ step: 'Split', port: 'output:train' }, 'Register')).toEqual({
      ok: false,
      reason: 'Model takes a model, not data.',
    });
    expect(judge({ step: 'Train', port: 'model' }, 'Split').reason).toContain('close a loop');
    expect(judge({ step: 'Train', port: 'model' }, 'Train').ok).toBe(false);
  });

  it('lets order and branches end anywhere', () => {
    expect(judge({ step: 'Split', port: 'after' }, 'Register').ok).toBe(true);
    expect(judge({ step: 'Gate', port: 'else' }, 'Register').ok).toBe(true);
  });

  it('knows which new steps would fit', () => {
    const source = here.graph.steps[1];
    if (!source) throw new Error('no step');
    expect(fitsWire(CATALOG, source, 'model', 'RegisterModel')).toBe(true);
    expect(fitsWire(CATALOG, source, 'model', 'Fail')).toBe(false);
  });
});
