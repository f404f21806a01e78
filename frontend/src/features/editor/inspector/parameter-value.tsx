import { Menu } from '@mantine/core';
import { Plus } from 'lucide-react';
import { parameters } from '@/pipeline/definition';
import { addParameter } from '@/pipeline/edit/parameters';
import { setValue } from '@/pipeline/edit/values';
import type { Field } from '@/pipeline/form';
import { joined } from '@/pipeline/history';
import { type Json, NumberLiteral } from '@/pipeline/json';
import { applyPatch } from '@/pipeline/patch';
import { plainReference } from '@/pipeline/source';
import { asText, dressedAs } from '@/pipeline/template';
import { useEditor, useScene } from '../editor-context';
import styles from './field.module.css';
import { useStepForm } from './form-context';

interface Props {
  field: Field;
  value: Json | undefined;
  controlId: string | undefined;
  label: string;
}

const TYPES: Partial<Record<Field['kind'], string>> = { boolean: 'Boolean', number: 'Float' };

/** The pipeline parameter a field takes its value from, with its default; or a new one, made on the spot. */
export function ParameterValue({ field, value, controlId, label }: Props) {
  const { store } = useScene();
  const form = useStepForm();
  const list = useEditor((state) => state.documents.definition);
  const known = parameters(list);
  const name = plainReference(value)?.name ?? '';
  const chosen = known.find((parameter) => parameter.name === name);
  const create = () => {
    store.getState().run((documents) => {
      const wanted = field.key === 'RightValue' || field.key === 'LeftValue' ? 'Threshold' : field.key;
      const type = field.schema.type === 'integer' ? 'Integer' : (TYPES[field.kind] ?? 'String');
      const added = addParameter(documents, { Name: wanted, Type: type });
      const after = {
        ...documents,
        definition: applyPatch(documents.definition, added.edit.definition).document,
      };
      const used = setValue(after, form.entry.name, field.pointer, { Get: `Parameters.${added.name}` });
      return { ...joined(added.edit, used), name: 'add_parameter', label: added.edit.label };
    });
  };
  /** A number where a text is wanted is turned into one, as AWS asks for it. */
  const asWanted = (type: string, taken: Json): Json =>
    field.schema.type === 'string' &&
    field.key !== 'LeftValue' &&
    field.key !== 'RightValue' &&
    type !== 'String'
      ? asText(taken)
      : dressedAs(value, taken);
  return (
    <Menu position="bottom-start" width={240} disabled={form.readOnly}>
      <Menu.Target>
        <button type="button" id={controlId} className={styles.reference}>
          <span className="visually-hidden">{label}: </span>
          <code title={name ? `Parameters.${name}` : undefined}>{name || 'Choose a parameter'}</code>
          {chosen?.defaultValue !== undefined ? (
            <small title={plain(chosen.defaultValue)}>= {plain(chosen.defaultValue)}</small>
          ) : null}
        </button>
      </Menu.Target>
      <Menu.Dropdown mah={280} style={{ overflowY: 'auto' }}>
        {known.map((parameter) => (
          <Menu.Item
            key={parameter.name}
            rightSection={<small>{parameter.type}</small>}
            onClick={() =>
              form.write(field.pointer, asWanted(parameter.type, { Get: `Parameters.${parameter.name}` }))
            }
          >
            {parameter.name}
          </Menu.Item>
        ))}
        {known.length > 0 ? <Menu.Divider /> : null}
        <Menu.Item leftSection={<Plus size={14} aria-hidden="true" />} onClick={create}>
          New parameter
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function plain(value: Json): string {
  return value instanceof NumberLiteral ? value.text : String(value);
}
