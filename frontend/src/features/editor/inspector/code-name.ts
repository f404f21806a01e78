import { type Field, fieldOf } from '@/pipeline/form';
import { isObject, type Json, type JsonObject, member, text } from '@/pipeline/json';
import { parentOf, valueAt } from '@/pipeline/pointer';

/**
 * The field as it looks for the very item it belongs to: an input named "code" holds a script, whatever other inputs
 * hold. The schema says so under `x-items`, by the item's name.
 */
export function forItem(field: Field, step: JsonObject): Field {
  const special = member(field.schema, 'x-items');
  if (!isObject(special)) return field;
  for (let at = parentOf(field.pointer); at !== ''; at = parentOf(at)) {
    const holder = valueAt(step, at);
    const name = isObject(holder)
      ? text(holder.InputName ?? holder.ChannelName ?? holder.OutputName)
      : undefined;
    const facts = name === undefined ? undefined : special[name];
    if (isObject(facts))
      return fieldOf(field.key, { ...field.schema, ...facts }, field.pointer, field.required);
  }
  return field;
}

/** The file that is started, read from the command of the step: ["python3", "/opt/…/train.py"] → "train.py". */
export function scriptName(step: JsonObject): string {
  const commands: (Json | undefined)[] = [
    valueAt(step, '/Arguments/AppSpecification/ContainerEntrypoint'),
    valueAt(step, '/Arguments/AlgorithmSpecification/ContainerEntrypoint'),
  ];
  for (const command of commands) {
    if (!Array.isArray(command)) continue;
    const script = command.findLast((part) => typeof part === 'string' && part.endsWith('.py'));
    if (typeof script === 'string') return script.split('/').at(-1) ?? 'main.py';
  }
  const program = text(valueAt(step, '/Arguments/HyperParameters/sagemaker_program'))?.replaceAll('"', '');
  return program || 'main.py';
}

/** Where a line of a text lies; the last one for a number behind the end. Lines count from 1. */
export function lineRange(source: string, line: number): { from: number; to: number } {
  const lines = source.split('\n');
  const index = Math.min(Math.max(1, line), lines.length) - 1;
  const from = lines.slice(0, index).reduce((sum, one) => sum + one.length + 1, 0);
  return { from, to: from + (lines[index]?.length ?? 0) };
}

/** Where a step says which code it runs, as a pointer into the step; null for one without code of its own. */
export function codePlace(step: JsonObject): string | null {
  const inputs = valueAt(step, '/Arguments/ProcessingInputs');
  const index = Array.isArray(inputs)
    ? inputs.findIndex((one) => text(member(one, 'InputName')) === 'code')
    : -1;
  if (index >= 0) return `/Arguments/ProcessingInputs/${index}/S3Input/S3Uri`;
  const folder = '/Arguments/HyperParameters/sagemaker_submit_directory';
  return valueAt(step, folder) === undefined ? null : folder;
}
