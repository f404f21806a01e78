import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Callback, completeStep, failStep } from '@/api/execution-steps';
import { needsQuery } from '@/api/needs';
import type { StepRow } from '@/execution/types';
import { ActionError } from '../action-error';
import { usePermission, Why } from '../allowed';
import { useLive } from '../live';
import styles from './callback.module.css';
import { OutputField } from './output-field';
import { misfit, REASON_LENGTH } from './values';

interface Props {
  row: StepRow;
  callback: Callback;
}

/** One field per declared output and a button that completes the step; or a reason and one that fails it. */
export function AnswerForm({ row, callback }: Props) {
  const [failing, setFailing] = useState(false);
  return failing ? (
    <FailForm row={row} onBack={() => setFailing(false)} />
  ) : (
    <CompleteForm row={row} callback={callback} onFail={() => setFailing(true)} />
  );
}

function CompleteForm({ row, callback, onFail }: Props & { onFail(): void }) {
  const [values, setValues] = useState<Record<string, string>>(() => beginning(callback));
  const [tried, setTried] = useState(false);
  const complete = useAnswer(row, (execution) => completeStep(execution, row.name, row.iteration, values));
  const { allowed, why } = usePermission('decide-approval');
  const fits = callback.outputs.every((output) => misfit(output, values[output.name] ?? '') === null);
  return (
    <form
      className={styles.form}
      aria-label="Complete step"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (fits) complete.mutate();
      }}
    >
      {callback.outputs.map((output) => (
        <OutputField
          key={output.name}
          output={output}
          value={values[output.name] ?? ''}
          told={tried}
          disabled={!allowed}
          onChange={(value) => setValues((before) => ({ ...before, [output.name]: value }))}
        />
      ))}
      {complete.error ? <ActionError error={complete.error} /> : null}
      <div className={styles.buttons}>
        <Why off={!allowed} text={why}>
          <Button type="submit" variant="filled" disabled={!allowed} loading={complete.isPending}>
            Complete step
          </Button>
        </Why>
        <Why off={!allowed} text={why}>
          <Button disabled={!allowed || complete.isPending} onClick={onFail}>
            Fail step…
          </Button>
        </Why>
      </div>
    </form>
  );
}

function FailForm({ row, onBack }: { row: StepRow; onBack(): void }) {
  const [reason, setReason] = useState('');
  const fail = useAnswer(row, (execution) => failStep(execution, row.name, row.iteration, reason.trim()));
  return (
    <form
      className={styles.form}
      aria-label="Fail step"
      onSubmit={(event) => {
        event.preventDefault();
        fail.mutate();
      }}
    >
      <Textarea
        label="Reason"
        description="Shown as the reason the step failed."
        rows={3}
        maxLength={REASON_LENGTH}
        data-autofocus
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {fail.error ? <ActionError error={fail.error} /> : null}
      <div className={styles.buttons}>
        <Button type="submit" variant="filled" color="red" loading={fail.isPending}>
          Fail step
        </Button>
        <Button disabled={fail.isPending} onClick={onBack}>
          Back
        </Button>
      </div>
    </form>
  );
}

/** Sends an answer; what follows arrives as events of the execution. */
function useAnswer(row: StepRow, send: (execution: string) => Promise<unknown>) {
  const { executionId } = useLive();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => send(executionId),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['executions', 'step', executionId, row.name] }),
        client.invalidateQueries({ queryKey: needsQuery().queryKey }),
      ]),
  });
}

const beginning = (callback: Callback): Record<string, string> =>
  Object.fromEntries(
    callback.outputs.map((output) => [output.name, output.type === 'Boolean' ? 'true' : '']),
  );
