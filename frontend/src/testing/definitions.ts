import type { DraftDocuments } from '@/pipeline/edit/edit';
import type { JsonObject } from '@/pipeline/json';
import { emptyLayout, type Layout } from '@/pipeline/layout';

export function processing(name: string, outputs: string[] = ['output'], more: JsonObject = {}): JsonObject {
  return {
    Name: name,
    Type: 'Processing',
    Arguments: {
      ProcessingInputs: [],
      ProcessingOutputConfig: {
        Outputs: outputs.map((output) => ({ OutputName: output, S3Output: { S3Uri: `s3://b/${output}` } })),
      },
    },
    ...more,
  };
}

export function training(name: string, from: JsonObject | string = ''): JsonObject {
  return {
    Name: name,
    Type: 'Training',
    Arguments: {
      AlgorithmSpecification: { MetricDefinitions: [{ Name: 'auc', Regex: 'auc=(.*)' }] },
      InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: from } } }],
      ResourceConfig: { InstanceType: 'ml.m5.large' },
    },
  };
}

export function outputOf(step: string, output: string): JsonObject {
  return { Get: `Steps.${step}.ProcessingOutputConfig.Outputs['${output}'].S3Output.S3Uri` };
}

export function condition(
  name: string,
  ifSteps: JsonObject[] = [],
  elseSteps: JsonObject[] = [],
): JsonObject {
  return {
    Name: name,
    Type: 'Condition',
    Arguments: {
      Conditions: [{ Type: 'GreaterThanOrEqualTo', LeftValue: '', RightValue: 0.9 }],
      IfSteps: ifSteps,
      ElseSteps: elseSteps,
    },
  };
}

export function draft(steps: JsonObject[], nodes: Layout['nodes'] = {}): DraftDocuments {
  return {
    definition: { Version: '2020-12-01', Parameters: [], Steps: steps },
    layout: { ...emptyLayout(), nodes },
  };
}
