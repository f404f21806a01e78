import { items, type Json, type JsonObject, member } from '../json';
import { COMMAND, OPTIONS, referenceOf } from '../library';
import { child, valueAt } from '../pointer';
import { type DraftDocuments, type Edit, EditRefused, editOf, Sketch, stepNamed } from './edit';

export interface StepCode {
  file_name: string;
  arguments: readonly Json[];
  /** Where the script was stored. */
  uri: string;
}

const INPUTS = '/Arguments/ProcessingInputs';
const FOLDER = '/opt/ml/processing/input/code';

/** A ready-made step becomes an ordinary one that runs the same Python from a script of its own. One command. */
export function turnIntoCode(documents: DraftDocuments, step: string, code: StepCode): Edit {
  const { pointer, step: before } = stepNamed(documents.definition, step);
  if (referenceOf(before) === null) {
    throw new EditRefused('not-ready-made', `${step} runs code of its own already.`);
  }
  const definition = new Sketch(documents.definition);
  definition.put(pointer, COMMAND, ['python3', `${FOLDER}/${code.file_name}`]);
  definition.put(pointer, OPTIONS, [...code.arguments]);
  const item: JsonObject = {
    InputName: 'code',
    S3Input: { S3Uri: code.uri, LocalPath: FOLDER, S3DataType: 'S3Prefix', S3InputMode: 'File' },
  };
  const list = valueAt(before, INPUTS);
  const place = items(list).findIndex((entry) => member(entry, 'InputName') === 'code');
  if (place >= 0) definition.put(pointer, child(INPUTS, place), item);
  else if (Array.isArray(list)) definition.add(child(pointer + INPUTS, list.length), item);
  else definition.put(pointer, INPUTS, [item]);
  return editOf('turn_into_code', `Turn ${step} into a code step`, definition);
}
