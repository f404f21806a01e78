import { Menu } from '@mantine/core';
import { Fragment, useMemo } from 'react';
import { infoOf, inputs, isFree, outputs, type PortInstance } from '@/pipeline/catalog';
import { mismatch } from '@/pipeline/compatibility';
import { folderFile } from '@/pipeline/connect';
import { downstream } from '@/pipeline/cycle';
import type { StepEntry } from '@/pipeline/definition';
import { connect } from '@/pipeline/edit/wires';
import { fieldOf } from '@/pipeline/form';
import { isObject, type Json, type JsonObject, member } from '@/pipeline/json';
import type { LibraryPort } from '@/pipeline/library';
import { describe, sourceOf } from '@/pipeline/source';
import { useScene, useView } from '../editor-context';
import { AddressField } from './address-field';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';

const INPUTS = '/Arguments/ProcessingInputs';

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

function WiredInput({ port, slot }: { port: LibraryPort; slot: PortInstance | undefined }) {
  const { store, catalog } = useScene();
  const { graph } = useView();
  const form = useStepForm();
  const ports = infoOf(catalog, form.entry)?.ports ?? [];
  const input = ports.find((one) => one.direction === 'in' && one.name === port.name);
  const offered = useMemo(() => {
    const after = downstream(graph.edges, form.entry.name);
    return graph.steps
      .filter((entry) => entry.name !== form.entry.name && !after.has(entry.name))
      .map((entry) => ({
        entry,
        outs: outputs(entry.step, infoOf(catalog, entry)).filter(
          (out) => input !== undefined && out.port.kind !== 'branch' && mismatch(out.port, input) === null,
        ),
      }))
      .filter(({ outs }) => outs.length > 0);
  }, [graph, catalog, form.entry.name, input]);
  const choose = (source: StepEntry, out: PortInstance) =>
    void store.getState().run((documents) => {
      const file = folderFile(out, input);
      return connect(documents, {
        source: source.name,
        path: out.path,
        target: form.entry.name,
        port: port.name,
        ports,
        ...(slot ? { slot: slot.pointer } : {}),
        ...(file === undefined ? {} : { file }),
      });
    });
  const connected = slot !== undefined && !isFree(slot);
  return (
    <FieldRow
      pointer={slot?.pointer ?? `${INPUTS}/--${port.name}`}
      label={port.title}
      hint={connected || port.required === false ? '' : 'required'}
      help={port.help ?? ''}
    >
      <div className={styles.box}>
        <div className={styles.control}>
          <Menu position="bottom-start" width={260} disabled={form.readOnly}>
            <Menu.Target>
              <button
                type="button"
                className={styles.reference}
                aria-label={`${port.title}: ${connected ? describe(slot.value) : 'not connected'}`}
              >
                {connected ? (
                  <code>{describe(slot.value)}</code>
                ) : (
                  <span className={styles.quiet}>Draw a wire, or choose a step</span>
                )}
              </button>
            </Menu.Target>
            <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
              {offered.length === 0 ? (
                <Menu.Label>No other step has what this takes. Add one that makes it.</Menu.Label>
              ) : null}
              {offered.map(({ entry, outs }) => (
                <Fragment key={entry.name}>
                  <Menu.Label>{entry.name}</Menu.Label>
                  {outs.map((out) => (
                    <Menu.Item key={out.id} onClick={() => choose(entry, out)}>
                      {out.port.title === out.name || !out.name
                        ? out.port.title
                        : `${out.port.title} (${out.name})`}
                    </Menu.Item>
                  ))}
                </Fragment>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      </div>
    </FieldRow>
  );
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
