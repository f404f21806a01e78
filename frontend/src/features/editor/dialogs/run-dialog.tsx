import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { startExecution } from '@/api/executions';
import { ApiError } from '@/api/problem-error';
import type { ExecutionRow } from '@/api/types';
import { readStored, writeStored } from '@/lib/stored';
import { type Parameter, parameters } from '@/pipeline/definition';
import { NumberLiteral } from '@/pipeline/json';
import { givenValues, parameterProblem } from '@/pipeline/run-values';
import { useEditor, useScene } from '../editor-context';
import { CopyAs } from './copy-as';
import styles from './dialogs.module.css';
import { RunWarnings } from './run-warnings';

interface Props {
  onStarted(execution: ExecutionRow): void;
  onClose(): void;
}

/** Parameters of a run: typed, with defaults, the last values kept in this browser. Runs the draft as it is saved. */
export function RunDialog({ onStarted, onClose }: Props) {
  const { store, pipeline } = useScene();
  const definition = useEditor((state) => state.documents.definition);
  const list = useMemo(() => parameters(definition), [definition]);
  const [values, setValues] = useState(() => readStored(`run:${pipeline.id}`, isTexts) ?? {});
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<{ message: string; requestId: string | null } | null>(null);
  const [touched, setTouched] = useState(false);
  const [token] = useState(() => crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`);
  const set = (name: string, value: string) => {
    const next = { ...values, [name]: value };
    setValues(next);
    writeStored(`run:${pipeline.id}`, next);
  };
  const wrong = list.some((parameter) => parameterProblem(parameter, values[parameter.name] ?? '') !== null);
  const start = async () => {
    setTouched(true);
    if (wrong) return;
    setBusy(true);
    setFailure(null);
    try {
      await store.getState().flush();
      onStarted(
        await startExecution(pipeline.id, {
          parameters: givenValues(list, values),
          source: 'draft',
          client_request_token: token,
        }),
      );
    } catch (error) {
      setFailure({
        message: error instanceof Error ? error.message : String(error),
        requestId:
          error instanceof ApiError && !error.message.includes(error.requestId ?? ' ')
            ? error.requestId
            : null,
      });
      setBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Run ${pipeline.display_name || pipeline.name}`}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <div className={styles.form}>
          {list.map((parameter) => (
            <ParameterInput
              key={parameter.name}
              parameter={parameter}
              value={values[parameter.name] ?? ''}
              showProblem={touched}
              onChange={(value) => set(parameter.name, value)}
            />
          ))}
        </div>
        <RunWarnings />
        {failure ? (
          <p className={styles.error} role="alert">
            {failure.message} {failure.requestId ? <small>Request {failure.requestId}</small> : null}
          </p>
        ) : null}
        <div className={styles.actions}>
          <CopyAs parameters={list} typed={values} disabled={wrong} />
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={busy}>
            Run
          </Button>
        </div>
      </form>
    </Modal>
  );
}

interface InputProps {
  parameter: Parameter;
  value: string;
  showProblem: boolean;
  onChange(value: string): void;
}

function ParameterInput({ parameter, value, showProblem, onChange }: InputProps) {
  const fallback = defaultText(parameter);
  const problem = parameterProblem(parameter, value);
  const shared = {
    label: parameter.name,
    description: parameter.description || undefined,
    error: problem !== null && (showProblem || value !== '') ? problem : undefined,
    withAsterisk: parameter.defaultValue === undefined,
  };
  if (parameter.type === 'Boolean') {
    const on = (value || fallback).toLowerCase() === 'true';
    return (
      <Checkbox
        {...shared}
        checked={on}
        onChange={(event) => onChange(String(event.currentTarget.checked))}
      />
    );
  }
  if (parameter.enumValues.length > 0) {
    const data = parameter.enumValues.map(String);
    return (
      <Select
        {...shared}
        data={data}
        value={value || null}
        placeholder={fallback}
        clearable
        onChange={(chosen) => onChange(chosen ?? '')}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      value={value}
      placeholder={fallback}
      rightSection={<small>{parameter.type === 'String' ? '' : parameter.type}</small>}
      rightSectionWidth={60}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

function defaultText(parameter: Parameter): string {
  const value = parameter.defaultValue;
  if (value === undefined || value === null) return '';
  return value instanceof NumberLiteral ? value.text : String(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((entry) => typeof entry === 'string')
  );
}
