import type { Port } from '../catalog';
import type { StepEntry } from '../definition';
import { items, type Json, member, text } from '../json';
import type { LibraryDocument } from '../library';
import { child } from '../pointer';
import { type DraftDocuments, type Edit, mapStrings, Sketch } from './edit';
import { fillItem } from './wires';

const OUTPUTS = '/Arguments/ProcessingOutputConfig/Outputs';

/**
 * The edit of an option, with the output that the option calls for: it is declared while the option says more than
 * nothing, and taken back when nothing refers to it any more.
 */
export function withOptionalOutputs(
  documents: DraftDocuments,
  edit: Edit,
  step: StepEntry,
  library: Pick<LibraryDocument, 'outputs'>,
  change: { option: string; value: Json | undefined; bucket: string; ports: readonly Port[] },
): Edit {
  const output = library.outputs.find((one) => one.when === change.option);
  const port = change.ports.find((one) => one.direction === 'out' && one.name === output?.name);
  if (!output || !port?.item) return edit;
  const sketch = new Sketch(documents.definition);
  for (const operation of edit.definition) sketch.apply(operation);
  const declared = items(sketch.at(step.pointer + OUTPUTS));
  const place = declared.findIndex((one) => text(member(one, 'OutputName')) === output.name);
  const wanted = change.value !== undefined && change.value !== '' && Number(change.value) !== 0;
  if (wanted && place < 0) {
    const item = mapStrings(fillItem(port.item, output.name, ''), (part) =>
      part === '{bucket}' && change.bucket ? change.bucket : part.replaceAll('{step}', step.name),
    );
    if (declared.length > 0) sketch.add(child(step.pointer + OUTPUTS, declared.length), item);
    else sketch.put(step.pointer, OUTPUTS, [item]);
  } else if (!wanted && place >= 0 && !isReferred(sketch.document, step.name, output.name)) {
    sketch.remove(child(step.pointer + OUTPUTS, place));
  }
  return { ...edit, definition: sketch.patch };
}

function isReferred(definition: Json, step: string, output: string): boolean {
  return JSON.stringify(definition).includes(`Steps.${step}.ProcessingOutputConfig.Outputs['${output}']`);
}
