import type { Parameter } from './definition';
import { givenValues } from './run-values';

/** What a snippet starts: the published pipeline, with the values somebody typed. */
export interface Start {
  pipeline: string;
  parameters: readonly Parameter[];
  typed: Readonly<Record<string, string>>;
  /** The newest version, null before the first; the API starts versions, never drafts. */
  version: number | null;
  /** Changes of the draft that are in no version. */
  changes: number;
}

/** Python that starts the pipeline with boto3. Address and keys come from `manage.py aws_env`. */
export function asBoto3(start: Start): string {
  const values = Object.entries(givenValues(start.parameters, start.typed));
  const lines = values.map(([name, value]) => `        {"Name": ${text(name)}, "Value": ${text(value)}},`);
  return [
    ...opening(start),
    'import boto3',
    '',
    'sagemaker = boto3.client("sagemaker")',
    'execution = sagemaker.start_pipeline_execution(',
    `    PipelineName=${text(start.pipeline)},`,
    ...(lines.length > 0 ? ['    PipelineParameters=[', ...lines, '    ],'] : []),
    ')',
    'print(execution["PipelineExecutionArn"])',
    '',
  ].join('\n');
}

/** Python that starts the pipeline with the SageMaker SDK, either generation. */
export function asSdk(start: Start): string {
  const given = givenValues(start.parameters, start.typed);
  const lines = start.parameters
    .filter(({ name }) => given[name] !== undefined)
    .map(
      (parameter) => `    ${text(parameter.name)}: ${literal(parameter.type, given[parameter.name] ?? '')},`,
    );
  return [
    ...opening(start),
    'try:  # SageMaker SDK 3',
    '    from sagemaker.mlops.workflow.pipeline import Pipeline',
    'except ImportError:  # SageMaker SDK 2',
    '    from sagemaker.workflow.pipeline import Pipeline',
    '',
    ...(lines.length > 0 ? ['parameters = {', ...lines, '}'] : ['parameters = {}']),
    `execution = Pipeline(name=${text(start.pipeline)}).start(parameters=parameters)`,
    'print(execution.arn)',
    '',
  ].join('\n');
}

function opening({ version, changes }: Start): string[] {
  const lines = ['# First, in this shell: eval "$(.venv/bin/python manage.py aws_env)"'];
  if (version === null)
    lines.push('# Publish the pipeline first: the API starts versions, and there is none yet.');
  else if (changes > 0) lines.push(`# Starts v${version}; the draft has changes that are in no version yet.`);
  return [...lines, ''];
}

function literal(type: Parameter['type'], value: string): string {
  if (type === 'Boolean') return value.trim().toLowerCase() === 'true' ? 'True' : 'False';
  // Python refuses leading zeros that our form takes.
  if (type === 'Integer') return String(BigInt(value.trim().replace(/^\+/, '')));
  if (type === 'Float') return Number.isInteger(Number(value)) ? `${Number(value)}.0` : value.trim();
  return text(value);
}

/** A Python string: JSON's escapes mean the same there. */
function text(value: string): string {
  return JSON.stringify(value);
}
