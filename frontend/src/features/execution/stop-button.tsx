import { Button, Popover } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Square } from 'lucide-react';
import { useState } from 'react';
import { stopExecution } from '@/api/executions';
import type { ExecutionRow } from '@/execution/types';
import { ActionError } from './action-error';
import { usePermission, Why } from './allowed';
import styles from './stop-button.module.css';

/** Stops the execution after one question. */
export function StopButton({ execution }: { execution: ExecutionRow }) {
  const [asking, setAsking] = useState(false);
  const { allowed, why } = usePermission('stop-execution');
  const stop = useMutation({
    mutationFn: () => stopExecution(execution.id),
    onSuccess: () => setAsking(false),
  });
  const stopping = execution.status === 'Stopping' || stop.isSuccess;
  return (
    <Popover
      opened={asking && !stopping}
      onChange={setAsking}
      position="bottom-end"
      width={300}
      trapFocus
      shadow="md"
    >
      <Why off={!allowed} text={why}>
        <Popover.Target>
          <Button
            leftSection={<Square size={12} fill="currentColor" />}
            disabled={stopping || !allowed}
            onClick={() => setAsking(true)}
          >
            {stopping ? 'Stopping…' : 'Stop'}
          </Button>
        </Popover.Target>
      </Why>
      <Popover.Dropdown role="dialog">
        <p className={styles.text}>
          Running steps are asked to end and are killed if they do not. Finished steps keep their results.
        </p>
        {stop.error ? <ActionError error={stop.error} /> : null}
        <div className={styles.buttons}>
          <Button onClick={() => setAsking(false)}>Keep running</Button>
          <Button variant="filled" color="red" loading={stop.isPending} onClick={() => stop.mutate()}>
            Stop execution
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
