import { describe, expect, it } from 'vitest';
import type { Parameter } from './definition';
import { asBoto3, asSdk, type Start } from './snippets';

function parameter(name: string, type: Parameter['type']): Parameter {
  return { name, type, defaultValue: undefined, enumValues: [], description: '', pointer: '' };
}

const START: Start = {
  pipeline: 'churn',
  parameters: [
    parameter('Size', 'Float'),
    parameter('Trees', 'Integer'),
    parameter('Fast', 'Boolean'),
    parameter('Note', 'String'),
    parameter('Left', 'String'),
  ],
  typed: { Size: '0.25', Trees: '+030', Fast: 'true', Note: 'say "hi"\\', Left: '' },
  version: 7,
  changes: 0,
};

describe('snippets', () => {
  it('say in boto3 what was typed, as texts, and leave defaults out', () => {
    expect(asBoto3(START)).toContain(`execution = sagemaker.start_pipeline_execution(
    PipelineName="churn",
    PipelineParameters=[
        {"Name": "Size", "Value": "0.25"},
        {"Name": "Trees", "Value": "+030"},
        {"Name": "Fast", "Value": "true"},
        {"Name": "Note", "Value": "say \\"hi\\"\\\\"},
    ],
)`);
  });

  it('say in the SDK what was typed, with its types', () => {
    expect(asSdk(START)).toContain(`parameters = {
    "Size": 0.25,
    "Trees": 30,
    "Fast": True,
    "Note": "say \\"hi\\"\\\\",
}
execution = Pipeline(name="churn").start(parameters=parameters)`);
  });

  it('say that a version is started, not the draft', () => {
    expect(asBoto3({ ...START, changes: 3 })).toContain('# Starts v7; the draft has changes');
    expect(asSdk({ ...START, version: null })).toContain('# Publish the pipeline first');
    expect(asBoto3(START)).not.toContain('# Starts');
  });

  it('leave the parameters out where none was typed', () => {
    expect(asBoto3({ ...START, typed: {} })).not.toContain('PipelineParameters');
    expect(asSdk({ ...START, typed: {} })).toContain('parameters = {}');
  });
});
