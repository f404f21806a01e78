import type { Catalog, Port, StepTypeInfo } from '@/pipeline/catalog';
import type { JsonObject } from '@/pipeline/json';

/** A small catalog with the shapes the server serves: enough types to draw, wire and edit. */
function port(facts: Partial<Port> & Pick<Port, 'name' | 'direction' | 'pattern'>): Port {
  return {
    json_type: 'string',
    kind: 'dataset',
    reference: null,
    item: null,
    item_name: null,
    report_as: 'value',
    title: facts.name,
    ...facts,
  };
}

function type(facts: Partial<StepTypeInfo> & Pick<StepTypeInfo, 'type' | 'title' | 'family'>): StepTypeInfo {
  return {
    description: '',
    synonyms: [],
    nature: 'job',
    runnable: true,
    reason: null,
    ports: [],
    variants: [],
    schema: { type: 'object', 'x-groups': ['Settings'], properties: {} },
    template: { Type: facts.type, Arguments: {} },
    ...facts,
  };
}

const INPUT: JsonObject = {
  InputName: '{name}',
  S3Input: { S3Uri: '{value}', LocalPath: '/opt/ml/processing/input/{name}' },
};
const CHANNEL: JsonObject = { ChannelName: '{name}', DataSource: { S3DataSource: { S3Uri: '{value}' } } };

const PROCESSING = type({
  type: 'Processing',
  title: 'Process data',
  family: 'data',
  description: 'Run a script over data.',
  synonyms: ['split', 'clean'],
  ports: [
    port({
      name: 'input',
      direction: 'in',
      pattern: '/Arguments/ProcessingInputs/*/S3Input/S3Uri',
      item: INPUT,
      item_name: 'InputName',
      report_as: 'uri',
      title: 'Input',
    }),
    port({
      name: 'code',
      direction: 'in',
      pattern: '/Arguments/ProcessingInputs/[InputName=code]/S3Input/S3Uri',
      kind: 'code',
      item: INPUT,
      item_name: 'InputName',
      title: 'Code',
    }),
    port({
      name: 'output',
      direction: 'out',
      pattern: '/Arguments/ProcessingOutputConfig/Outputs/*',
      reference: "ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
      item_name: 'OutputName',
      title: 'Output',
    }),
    port({
      name: 'report',
      direction: 'out',
      pattern: '/PropertyFiles/*',
      json_type: 'any',
      kind: 'report',
      reference: 'PropertyFiles.{name}',
      item_name: 'PropertyFileName',
      title: 'Report',
    }),
  ],
  schema: {
    type: 'object',
    'x-groups': ['Settings', 'Data', 'Retry & cache'],
    properties: {
      Name: { type: 'string', title: 'Name', 'x-group': 'Settings' },
      Type: { const: 'Processing', 'x-hidden': true },
      Arguments: {
        type: 'object',
        required: ['AppSpecification'],
        properties: {
          AppSpecification: {
            type: 'object',
            title: 'Container',
            'x-group': 'Settings',
            'x-inline': true,
            required: ['ImageUri'],
            properties: {
              ImageUri: {
                type: 'string',
                title: 'Image',
                description: 'Where the code runs.',
                'x-widget': 'image',
              },
              ContainerEntrypoint: {
                type: 'array',
                title: 'Command',
                items: { type: 'string' },
                'x-widget': 'command',
              },
            },
          },
          Environment: {
            type: 'object',
            title: 'Environment variables',
            additionalProperties: { type: 'string' },
            'x-group': 'Settings',
            'x-widget': 'key-value',
          },
          ProcessingInputs: {
            type: 'array',
            title: 'Inputs',
            'x-group': 'Data',
            items: {
              type: 'object',
              title: 'Input',
              'x-label': 'InputName',
              required: ['InputName'],
              properties: {
                InputName: { type: 'string', title: 'Name' },
                S3Input: {
                  type: 'object',
                  'x-inline': true,
                  properties: { S3Uri: { type: 'string', title: 'Data', 'x-widget': 's3-uri' } },
                },
              },
            },
          },
          StoppingCondition: {
            type: 'object',
            'x-group': 'Settings',
            'x-inline': true,
            properties: {
              MaxRuntimeInSeconds: {
                type: 'integer',
                title: 'Stop after',
                minimum: 1,
                maximum: 100,
                default: 60,
              },
            },
          },
          RoleArn: { type: 'string', title: 'Role', 'x-group': 'Settings', 'x-advanced': true },
        },
      },
      CacheConfig: {
        type: 'object',
        'x-group': 'Retry & cache',
        'x-inline': true,
        properties: { Enabled: { type: 'boolean', title: 'Reuse earlier results', default: false } },
      },
    },
  },
  template: {
    Type: 'Processing',
    Arguments: {
      ProcessingInputs: [{ InputName: 'code', S3Input: { S3Uri: '' } }],
      ProcessingOutputConfig: {
        Outputs: [
          {
            OutputName: 'output',
            S3Output: { S3Uri: { 'Std:Join': { On: '/', Values: ['s3:/', '{bucket}', '{step}'] } } },
          },
        ],
      },
    },
  },
  variants: [
    {
      id: 'evaluate',
      title: 'Evaluate model',
      description: 'Score a model.',
      synonyms: ['metrics'],
      template: {
        Type: 'Processing',
        PropertyFiles: [
          { PropertyFileName: 'Evaluation', OutputName: 'evaluation', FilePath: 'evaluation.json' },
        ],
        Arguments: {
          ProcessingOutputConfig: {
            Outputs: [{ OutputName: 'evaluation', S3Output: { S3Uri: 's3://b/e' } }],
          },
        },
      },
    },
  ],
});

const TRAINING = type({
  type: 'Training',
  title: 'Train model',
  family: 'train',
  description: 'Fit a model.',
  synonyms: ['fit', 'learn'],
  ports: [
    port({
      name: 'channel',
      direction: 'in',
      pattern: '/Arguments/InputDataConfig/*/DataSource/S3DataSource/S3Uri',
      item: CHANNEL,
      item_name: 'ChannelName',
      report_as: 'uri',
      title: 'Training data',
    }),
    port({
      name: 'model',
      direction: 'out',
      pattern: '/Arguments',
      kind: 'model',
      reference: 'ModelArtifacts.S3ModelArtifacts',
      title: 'Model',
    }),
    port({
      name: 'metric',
      direction: 'out',
      pattern: '/Arguments/AlgorithmSpecification/MetricDefinitions/*',
      json_type: 'number',
      kind: 'metric',
      reference: "FinalMetricDataList['{name}'].Value",
      item_name: 'Name',
      title: 'Metric',
    }),
  ],
  template: {
    Type: 'Training',
    Arguments: { InputDataConfig: [{ ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: '' } } }] },
  },
});

const CONDITION = type({
  type: 'Condition',
  title: 'Condition',
  family: 'control',
  nature: 'condition',
  ports: [
    port({
      name: 'value',
      direction: 'in',
      pattern: '/Arguments/Conditions/*/LeftValue',
      json_type: 'any',
      kind: 'any',
      item: { Type: 'GreaterThanOrEqualTo', LeftValue: '{value}', RightValue: 0 },
      title: 'Value to compare',
    }),
    port({
      name: 'if',
      direction: 'out',
      pattern: '/Arguments/IfSteps',
      kind: 'branch',
      json_type: 'any',
      title: 'True',
    }),
    port({
      name: 'else',
      direction: 'out',
      pattern: '/Arguments/ElseSteps',
      kind: 'branch',
      json_type: 'any',
      title: 'False',
    }),
  ],
  template: {
    Type: 'Condition',
    Arguments: {
      Conditions: [{ Type: 'GreaterThanOrEqualTo', LeftValue: '', RightValue: 0.9 }],
      IfSteps: [],
      ElseSteps: [],
    },
  },
});

const REGISTER = type({
  type: 'RegisterModel',
  title: 'Register model',
  family: 'model',
  nature: 'effect',
  ports: [
    port({
      name: 'model',
      direction: 'in',
      pattern: '/Arguments/InferenceSpecification/Containers/*/ModelDataUrl',
      kind: 'model',
      item: { ModelDataUrl: '{value}' },
      title: 'Model',
    }),
    port({
      name: 'package',
      direction: 'out',
      pattern: '/Arguments',
      kind: 'package',
      reference: 'ModelPackageArn',
      title: 'Model package',
    }),
  ],
  template: {
    Type: 'RegisterModel',
    Arguments: { InferenceSpecification: { Containers: [{ ModelDataUrl: '' }] } },
  },
});

const FAIL = type({
  type: 'Fail',
  title: 'Fail',
  family: 'control',
  nature: 'fail',
  template: { Type: 'Fail', Arguments: { ErrorMessage: '' } },
});

const EMR = type({
  type: 'EMR',
  title: 'Process data (EMR)',
  family: 'data',
  nature: 'unsupported',
  runnable: false,
  reason: 'EMR clusters cannot be had here.',
});

export const CATALOG: Catalog = {
  families: [
    { id: 'data', title: 'Data' },
    { id: 'train', title: 'Train' },
    { id: 'check', title: 'Check' },
    { id: 'model', title: 'Model' },
    { id: 'control', title: 'Control' },
  ],
  types: [PROCESSING, TRAINING, CONDITION, REGISTER, FAIL, EMR],
};
