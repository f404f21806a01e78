import { infoOf, inputs } from '@/pipeline/catalog';
import { fieldOf } from '@/pipeline/form';
import { isObject, type Json, type JsonObject, member } from '@/pipeline/json';
import type { LibraryPort } from '@/pipeline/library';
import { sourceOf } from '@/pipeline/source';
import { useScene } from '../editor-context';
import { AddressField } from './address-field';
import { useStepForm } from './form-context';
import { WiredInput } from './wired-input';

interface Props {
  port: LibraryPort;
  schema: JsonObject;
}

/** An input of a ready-made step: what is wired to it, or which step's output to take. */
export function InputField({ port, schema }: Props) {
  const { catalog } = useScene();
  const form = useStepForm();
  const slot = inputs(form.entry.step, infoOf(catalog, form.entry)).find(
    (one) => one.port.name === port.name,
  );
  if (port.address && slot && sourceOf(slot.value) !== 'output') {
    const field = fieldOf(
      'S3Uri',
      { ...addressSchema(schema), title: port.title, ...(port.help ? { description: port.help } : {}) },
      slot.pointer,
      true,
    );
    return <AddressField field={field} value={slot.value} />;
  }
  return <WiredInput port={port} slot={slot} />;
}

/** How the Processing form draws the address of an input. */
function addressSchema(schema: JsonObject): JsonObject {
  const path = [
    'properties',
    'Arguments',
    'properties',
    'ProcessingInputs',
    'items',
    'properties',
    'S3Input',
  ];
  let here: Json | undefined = schema;
  for (const key of [...path, 'properties', 'S3Uri']) here = member(here, key);
  return isObject(here) ? here : { type: 'string', 'x-widget': 's3-uri', 'x-upload': true };
}
