import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Check, Play, Wrench } from 'lucide-react';
import { useState } from 'react';
import { type Repair, repairStep } from '@/api/execution-steps';
import { startExecution } from '@/api/executions';
import { pipelineKeys } from '@/api/pipelines';
import type { ExecutionRow, StepRow } from '@/execution/types';
import { ActionError } from '../action-error';
import { usePermission, Why } from '../allowed';
import { useExecution, useLive, useSteps } from '../live';
import styles from './failure-panel.module.css';
import { rerunRequest } from './rerun';

/** Changes of the draft that answer the cause; after one is made, the unfinished part can run again with it. */
export function Repairs({ row, repairs }: { row: StepRow; repairs: readonly Repair[] }) {
  const { executionId } = useLive();
  const execution = useExecution();
  const client = useQueryClient();
  const { allowed, why } = usePermission('edit-pipeline');
  const [made, setMade] = useState<string | null>(null);
  const repair = useMutation({
    mutationFn: (one: Repair) => repairStep(executionId, row.name, row.iteration, one.id),
    onSuccess: (done) => {
      setMade(done.label);
      void client.invalidateQueries({ queryKey: pipelineKeys.draft(done.pipeline) });
    },
  });
  if (made && execution) return <Made label={made} row={row} execution={execution} />;
  if (repairs.length === 0) return null;
  return (
    <div className={styles.repairs}>
      {repairs.map((one, index) => (
        <Why key={one.id} off={!allowed} text={why}>
          <Button
            variant={index === 0 ? 'filled' : 'default'}
            leftSection={<Wrench size={14} />}
            disabled={!allowed || repair.isPending}
            loading={repair.isPending && repair.variables?.id === one.id}
            title={one.label}
            onClick={() => repair.mutate(one)}
          >
            {one.label}
          </Button>
        </Why>
      ))}
      {repair.error ? <ActionError error={repair.error} /> : null}
    </div>
  );
}

function Made({ label, row, execution }: { label: string; row: StepRow; execution: ExecutionRow }) {
  const steps = useSteps();
  const navigate = useNavigate();
  const { allowed, why } = usePermission('start-execution');
  const again = useMutation({
    mutationFn: (whole: boolean) =>
      startExecution(execution.pipeline.id, rerunRequest(execution, steps, whole)),
    onSuccess: (started) => navigate({ to: '/executions/$id', params: { id: started.id } }),
  });
  return (
    <div className={styles.made} role="status">
      <p>
        <Check size={15} aria-hidden="true" /> Done in the pipeline: {label}.
      </p>
      <Why off={!allowed} text={why}>
        <Button
          variant="filled"
          leftSection={<Play size={14} />}
          disabled={!allowed}
          loading={again.isPending}
          title="A new run with the change; what succeeded is taken over"
          onClick={() => again.mutate(again.isError)}
        >
          {again.isError ? 'Run the whole pipeline' : `Retry from ${row.name} with the change`}
        </Button>
      </Why>
      {again.error ? <ActionError error={again.error} /> : null}
    </div>
  );
}
