import { Menu } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Fragment, useMemo } from 'react';
import { modelBehindQuery } from '@/api/models';
import { ModelPicker } from '@/components/data/model-picker';
import { modelWords } from '@/components/data/model-words';
import { infoOf, isFree, outputs, type PortInstance } from '@/pipeline/catalog';
import { mismatch } from '@/pipeline/compatibility';
import { folderFile } from '@/pipeline/connect';
import { downstream } from '@/pipeline/cycle';
import type { StepEntry } from '@/pipeline/definition';
import { unsetValue } from '@/pipeline/edit/values';
import { connect, giveInput } from '@/pipeline/edit/wires';
import { text } from '@/pipeline/json';
import type { LibraryPort } from '@/pipeline/library';
import { describe, sourceOf } from '@/pipeline/source';
import { useScene, useView } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';

const INPUTS = '/Arguments/ProcessingInputs';

interface Props {
  port: LibraryPort;
  slot: PortInstance | undefined;
}

/** Which step's output an input takes; for a model also a version of a registered one. */
export function WiredInput({ port, slot }: Props) {
  const { store, catalog } = useScene();
  const form = useStepForm();
  const shown = useWords(port, slot);
  const offered = useOffered(port);
  const ports = infoOf(catalog, form.entry)?.ports ?? [];
  const input = ports.find((one) => one.direction === 'in' && one.name === port.name);
  const connected = slot !== undefined && !isFree(slot);
  const fixed = connected && sourceOf(slot.value) === 'fixed';
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
  const take = (address: string) =>
    void store
      .getState()
      .run((documents) =>
        giveInput(documents, { target: form.entry.name, port: port.name, ports, value: address }),
      );
  const clear = () =>
    void store.getState().run((documents) => ({
      ...unsetValue(documents, form.entry.name, slot?.item ?? ''),
      label: `Take “${port.title}” from ${form.entry.name}`,
    }));
  return (
    <FieldRow
      pointer={slot?.pointer ?? `${INPUTS}/--${port.name}`}
      label={port.title}
      hint={connected || port.required === false ? '' : 'required'}
      help={port.help ?? ''}
    >
      <div className={styles.list}>
        <div className={styles.box}>
          <div className={styles.control}>
            <Menu position="bottom-start" width={260} disabled={form.readOnly}>
              <Menu.Target>
                <button
                  type="button"
                  className={styles.reference}
                  aria-label={`${port.title}: ${connected ? shown : 'not connected'}`}
                  title={fixed ? text(slot.value) : undefined}
                >
                  {connected ? (
                    <code>{shown}</code>
                  ) : (
                    <span className={styles.quiet}>Draw a wire, or choose a step</span>
                  )}
                </button>
              </Menu.Target>
              <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
                {fixed && slot.item !== null ? (
                  <Menu.Item onClick={clear}>Take this one away</Menu.Item>
                ) : null}
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
        {port.kind === 'model' && (!connected || fixed) ? (
          <ModelPicker
            disabled={form.readOnly}
            words={connected ? 'Choose another registered model' : 'Choose a registered model'}
            onPick={(version) => take(version.data)}
          />
        ) : null}
      </div>
    </FieldRow>
  );
}

/** What stands in an input: "Train.model"; "churn · version 3" where the address is a registered model's. */
function useWords(port: LibraryPort, slot: PortInstance | undefined): string {
  const address = port.kind === 'model' ? (text(slot?.value) ?? '') : '';
  const { data: version } = useQuery({ ...modelBehindQuery(address), enabled: address.startsWith('s3://') });
  return version ? modelWords(version) : describe(slot?.value);
}

/** Outputs of other steps that fit and close no circle. */
function useOffered(port: LibraryPort): { entry: StepEntry; outs: PortInstance[] }[] {
  const { catalog } = useScene();
  const { graph } = useView();
  const { entry: own } = useStepForm();
  return useMemo(() => {
    const input = infoOf(catalog, own)?.ports.find((one) => one.direction === 'in' && one.name === port.name);
    const after = downstream(graph.edges, own.name);
    return graph.steps
      .filter((entry) => entry.name !== own.name && !after.has(entry.name))
      .map((entry) => ({
        entry,
        outs: outputs(entry.step, infoOf(catalog, entry)).filter(
          (out) => input !== undefined && out.port.kind !== 'branch' && mismatch(out.port, input) === null,
        ),
      }))
      .filter(({ outs }) => outs.length > 0);
  }, [graph, catalog, own, port.name]);
}
