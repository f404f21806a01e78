import { Menu } from '@mantine/core';
import { Fragment, useMemo } from 'react';
import { infoOf, inputs, outputs, type PortInstance } from '@/pipeline/catalog';
import { folderFile } from '@/pipeline/connect';
import { downstream } from '@/pipeline/cycle';
import type { StepEntry } from '@/pipeline/definition';
import { fileIn, referenceValue } from '@/pipeline/edit/wires';
import type { Field } from '@/pipeline/form';
import type { Json } from '@/pipeline/json';
import { reportValues } from '@/pipeline/report-values';
import { describe, plainReference, reportRead } from '@/pipeline/source';
import { useScene, useView } from '../editor-context';
import styles from './field.module.css';
import { useStepForm } from './form-context';
import { ReportPath } from './report-path';

interface Props {
  field: Field;
  value: Json | undefined;
  controlId: string | undefined;
  label: string;
}

/** Another step's output as the value; for a value of a report, also the path inside the report. */
export function OutputValue({ field, value, controlId, label }: Props) {
  const { catalog } = useScene();
  const { graph } = useView();
  const form = useStepForm();
  const offered = useMemo(() => {
    const after = downstream(graph.edges, form.entry.name);
    return graph.steps
      .filter((entry) => entry.name !== form.entry.name && !after.has(entry.name))
      .map((entry) => ({
        entry,
        outs: outputs(entry.step, infoOf(catalog, entry)).filter((out) => out.port.kind !== 'branch'),
      }))
      .filter(({ outs }) => outs.length > 0);
  }, [graph, catalog, form.entry.name]);
  const chosen = plainReference(value)?.name || reportRead(value)?.step;
  const report = reportRead(value);
  const reported = graph.steps.find((entry) => entry.name === report?.step);
  const choose = (entry: StepEntry, out: PortInstance) => {
    const asFile = field.widget === 's3-uri' || field.widget === 'code';
    const taken = referenceValue(entry, out.path, { report_as: asFile ? 'uri' : 'value' });
    const slots = inputs(form.entry.step, infoOf(catalog, form.entry));
    const file = folderFile(out, slots.find((slot) => slot.pointer === field.pointer)?.port);
    form.write(field.pointer, file === undefined ? taken : fileIn(taken, file));
  };
  return (
    <div className={report ? styles.stacked : styles.plain}>
      <Menu position="bottom-start" width={260} disabled={form.readOnly}>
        <Menu.Target>
          <button
            type="button"
            id={controlId}
            className={styles.reference}
            title={chosen ? describe(value) : undefined}
          >
            <span className="visually-hidden">{label}: </span>
            <code>
              {report ? `${report.step}.${report.report}` : chosen ? describe(value) : 'Choose a step output'}
            </code>
          </button>
        </Menu.Target>
        <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
          {offered.length === 0 ? <Menu.Label>No earlier step has an output yet.</Menu.Label> : null}
          {offered.map(({ entry, outs }) => (
            <Fragment key={entry.name}>
              <Menu.Label>{entry.name}</Menu.Label>
              {outs.map((out) => (
                <Menu.Item
                  key={out.id}
                  rightSection={<small>{out.port.kind}</small>}
                  onClick={() => choose(entry, out)}
                >
                  {out.name || out.port.title}
                </Menu.Item>
              ))}
            </Fragment>
          ))}
        </Menu.Dropdown>
      </Menu>
      {report ? (
        <ReportPath
          report={report.report}
          path={report.path}
          values={reported ? reportValues(catalog, reported, report.report) : []}
          disabled={form.readOnly}
          onChange={(path) => form.write(`${field.pointer}/Std:JsonGet/Path`, path)}
        />
      ) : null}
    </div>
  );
}
