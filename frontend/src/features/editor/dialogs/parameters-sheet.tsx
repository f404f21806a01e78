import { Button, Drawer, NativeSelect, TextInput } from '@mantine/core';
import { Plus, Trash2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '@/components/ui/icon-button';
import { type Parameter, parameters } from '@/pipeline/definition';
import {
  addParameter,
  changeParameter,
  parameterNames,
  parameterUses,
  removeParameter,
  renameParameter,
} from '@/pipeline/edit/parameters';
import type { Json } from '@/pipeline/json';
import { NumberLiteral } from '@/pipeline/json';
import { nameProblem } from '@/pipeline/names';
import { parseText } from '@/pipeline/text';
import { useEditor, useScene } from '../editor-context';
import { focusFirst } from '../inspector/focus-first';
import styles from './dialogs.module.css';
import { ParameterUses } from './parameter-uses';

/** The pipeline's parameters: names, types, defaults, allowed values. */
export function ParametersSheet({ onClose }: { onClose(): void }) {
  const { store, readOnly } = useScene();
  const definition = useEditor((state) => state.documents.definition);
  const list = parameters(definition);
  const added = useRef<number | null>(null);
  const add = () => {
    added.current = list.length;
    store.getState().run((documents) => addParameter(documents, { Name: 'Parameter', Type: 'String' }).edit);
  };
  return (
    <Drawer opened onClose={onClose} title="Parameters" position="right" size={520}>
      <p className={styles.lead}>
        Values that may differ from run to run. Use one in any field by choosing “Parameter” as its source.
      </p>
      {list.length > 0 ? (
        <div className={`${styles.parameter} ${styles.columns}`} aria-hidden="true">
          <span>Name</span>
          <span>Type</span>
          <span>Default</span>
        </div>
      ) : null}
      {list.map((parameter, index) => (
        <ParameterRow
          key={parameter.pointer}
          fresh={added.current === index}
          parameter={parameter}
          definition={definition}
          readOnly={readOnly}
        />
      ))}
      {readOnly ? null : (
        <div className={styles.actions} style={{ justifyContent: 'flex-start' }}>
          <Button leftSection={<Plus size={15} aria-hidden="true" />} onClick={add}>
            Add parameter
          </Button>
        </div>
      )}
    </Drawer>
  );
}

const TYPES = ['String', 'Integer', 'Float', 'Boolean'] as const;

interface RowProps {
  parameter: Parameter;
  definition: Json;
  readOnly: boolean;
  fresh: boolean;
}

function ParameterRow({ parameter, definition, readOnly, fresh }: RowProps) {
  const { store } = useScene();
  const [name, setName] = useState(parameter.name);
  useEffect(() => setName(parameter.name), [parameter.name]);
  const others = parameterNames(definition);
  others.delete(parameter.name);
  const problem = nameProblem('parameter', name, others);
  const uses = parameterUses(definition, parameter.name);
  const [deleting, setDeleting] = useState(false);
  const remove = () => store.getState().run((documents) => removeParameter(documents, parameter.name));
  const change = (change: Record<string, Json | undefined>, field: string) =>
    store.getState().run((documents) => changeParameter(documents, parameter.name, change), {
      merge: `parameter ${parameter.name} ${field}`,
    });
  const written = defaultText(parameter.defaultValue);
  return (
    <div className={styles.parameter} ref={fresh ? focusFirst : undefined}>
      <TextInput
        aria-label="Name"
        value={name}
        error={name === parameter.name ? undefined : problem}
        disabled={readOnly}
        onChange={(event) => setName(event.currentTarget.value)}
        onBlur={() => {
          if (name === parameter.name) return;
          if (problem) setName(parameter.name);
          else store.getState().run((documents) => renameParameter(documents, parameter.name, name));
        }}
      />
      <NativeSelect
        aria-label={`Type of ${parameter.name}`}
        data={[...TYPES]}
        value={parameter.type}
        disabled={readOnly}
        onChange={(event) => {
          const type = event.currentTarget.value as Parameter['type'];
          change({ Type: type, DefaultValue: converted(written, type) }, 'type');
        }}
      />
      <TextInput
        aria-label={`Default of ${parameter.name}`}
        placeholder={parameter.defaultValue === '' ? 'empty text' : 'asked for at each run'}
        value={written}
        disabled={readOnly}
        onChange={(event) =>
          change({ DefaultValue: converted(event.currentTarget.value, parameter.type) }, 'default')
        }
      />
      <IconButton
        aria-label={`Delete ${parameter.name}`}
        size="field"
        disabled={readOnly}
        onClick={() => (uses.length > 0 ? setDeleting(true) : remove())}
      >
        <Trash2 size={15} aria-hidden="true" />
      </IconButton>
      <TextInput
        className={styles.wide}
        aria-label={`Description of ${parameter.name}`}
        placeholder="What it is for"
        value={parameter.description}
        disabled={readOnly}
        onChange={(event) => change({ Description: event.currentTarget.value || undefined }, 'description')}
      />
      {parameter.type === 'String' ? (
        <TextInput
          className={styles.wide}
          aria-label={`Allowed values of ${parameter.name}`}
          placeholder="Allowed values, separated by commas (any when empty)"
          defaultValue={parameter.enumValues.map(String).join(', ')}
          disabled={readOnly}
          onBlur={(event) => {
            const values = event.currentTarget.value
              .split(',')
              .map((part) => part.trim())
              .filter(Boolean);
            if (values.join() !== parameter.enumValues.map(String).join())
              change({ EnumValues: values.length > 0 ? values : undefined }, 'enum');
          }}
        />
      ) : null}
      <span className={`${styles.uses} ${styles.wide}`}>
        {uses.length === 0
          ? 'Not used yet'
          : `Used in ${uses.length} ${uses.length === 1 ? 'place' : 'places'}`}
      </span>
      {deleting ? (
        <ParameterUses
          parameter={parameter}
          uses={uses}
          definition={definition}
          onClose={() => setDeleting(false)}
          onConfirm={remove}
        />
      ) : null}
    </div>
  );
}

function defaultText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return value instanceof NumberLiteral ? value.text : String(value);
}

/** The typed default as the parameter's type; a text that does not fit is kept as a text, for validation to tell. */
function converted(typed: string, type: Parameter['type']): Json | undefined {
  if (typed === '') return undefined;
  if (type === 'String') return typed;
  if (type === 'Boolean' && /^(true|false)$/i.test(typed)) return typed.toLowerCase() === 'true';
  const parsed = parseText(typed);
  return parsed.ok && (typeof parsed.value === 'number' || parsed.value instanceof NumberLiteral)
    ? parsed.value
    : typed;
}
