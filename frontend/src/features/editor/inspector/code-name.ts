import type { Field } from '@/pipeline/form';
import { type Json, type JsonObject, member, text } from '@/pipeline/json';
import { parentOf, valueAt } from '@/pipeline/pointer';

/** The name of the code a field holds when its schema says that such an item is code ("code"), else null. */
export function codeNameOf(field: Field, step: JsonObject): string | null {
  const marked = text(member(field.schema['x-code'], 'item'));
  if (marked === undefined) return null;
  // The input's name stands beside its source object: …/ProcessingInputs/0/InputName and …/0/S3Input/S3Uri.
  const item = valueAt(step, parentOf(parentOf(field.pointer)));
  return text(member(item, 'InputName')) === marked ? marked : null;
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
