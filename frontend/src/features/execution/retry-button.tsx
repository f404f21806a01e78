import { Button, Popover } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { executionQuery, retryExecution, startExecution } from '@/api/executions';
import { readDraft } from '@/api/pipelines';
import type { ExecutionRow } from '@/execution/types';
import { ActionError } from './action-error';
import { usePermission, Why } from './allowed';
import { rerunRequest } from './failure/rerun';
import { useSteps } from './live';
import styles from './retry-button.module.css';

/**
 * Runs the failed, stopped and unrun part again; what succeeded is kept. Nothing for an execution that succeeded.
 *
 * An execution runs what was started. When the pipeline has changed since, the person chooses: with the changes (a new
 * run that takes over what succeeded), or once more as it was.
 */
export function RetryButton({ execution, quiet = false }: { execution: ExecutionRow; quiet?: boolean }) {
  const { allowed, why } = usePermission('retry-execution');
  const [asking, setAsking] = useState(false);
  const retry = useMutation({ mutationFn: () => retryExecution(execution.id) });
  const changed = useChanged(execution);
  const press = useMutation({
    mutationFn: changed,
    onSuccess: (yes) => (yes ? setAsking(true) : retry.mutate()),
    onError: () => retry.mutate(), // the pipeline is gone or out of reach: what ran can still run again
  });
  if (execution.status === 'Succeeded') return null;
  const close = () => {
    setAsking(false);
    retry.reset();
  };
  return (
    <Popover
      opened={asking || retry.isError}
      onChange={close}
      position="bottom-end"
      width={320}
      shadow="md"
      trapFocus={asking}
    >
      <Why off={!allowed} text={why}>
        <Popover.Target>
          <Button
            variant={quiet ? 'default' : 'filled'}
            leftSection={<RotateCw size={14} />}
            disabled={!allowed}
            loading={retry.isPending || press.isPending}
            title={allowed ? 'Run the failed and unrun steps again, keep what succeeded' : undefined}
            onClick={() => press.mutate()}
          >
            Retry
          </Button>
        </Popover.Target>
      </Why>
      <Popover.Dropdown>
        {asking ? (
          <WithChanges
            execution={execution}
            onAsItWas={() => {
              setAsking(false);
              retry.mutate();
            }}
          />
        ) : null}
        {retry.error ? <ActionError error={retry.error} /> : null}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Asks whether the pipeline's draft still is what this execution ran. */
function useChanged(execution: ExecutionRow): () => Promise<boolean> {
  const client = useQueryClient();
  return async () => {
    const [ran, draft] = await Promise.all([
      client.ensureQueryData(executionQuery(execution.id)),
      readDraft(execution.pipeline.id),
    ]);
    return ran.definition !== draft.definition;
  };
}

function WithChanges({ execution, onAsItWas }: { execution: ExecutionRow; onAsItWas(): void }) {
  const steps = useSteps();
  const navigate = useNavigate();
  const again = useMutation({
    mutationFn: (whole: boolean) =>
      startExecution(execution.pipeline.id, rerunRequest(execution, steps, whole)),
    onSuccess: (started) => navigate({ to: '/executions/$id', params: { id: started.id } }),
  });
  return (
    <div className={styles.choice}>
      <p>The pipeline has changed since this run was started.</p>
      <Button
        variant="filled"
        fullWidth
        data-autofocus
        loading={again.isPending}
        title="A new run of the pipeline as it is now; what succeeded is taken over"
        onClick={() => again.mutate(again.isError)}
      >
        {again.isError ? 'Run the whole pipeline' : 'Retry with the changes'}
      </Button>
      <Button fullWidth onClick={onAsItWas}>
        Retry as it was
      </Button>
      {again.error ? <ActionError error={again.error} /> : null}
    </div>
  );
}
