import { Button, Popover } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { retryExecution } from '@/api/executions';
import type { ExecutionRow } from '@/execution/types';
import { ActionError } from './action-error';
import { usePermission, Why } from './allowed';

/** Runs the failed, stopped and unrun part again; what succeeded is kept. Nothing for an execution that succeeded. */
export function RetryButton({ execution }: { execution: ExecutionRow }) {
  const { allowed, why } = usePermission('retry-execution');
  const retry = useMutation({ mutationFn: () => retryExecution(execution.id) });
  if (execution.status === 'Succeeded') return null;
  return (
    <Popover
      opened={retry.isError}
      onChange={() => retry.reset()}
      position="bottom-end"
      width={300}
      shadow="md"
    >
      <Popover.Target>
        <Why off={!allowed} text={why}>
          <Button
            variant="filled"
            leftSection={<RotateCw size={14} />}
            disabled={!allowed}
            loading={retry.isPending}
            title={allowed ? 'Run the failed and unrun steps again, keep what succeeded' : undefined}
            onClick={() => retry.mutate()}
          >
            Retry
          </Button>
        </Why>
      </Popover.Target>
      <Popover.Dropdown>{retry.error ? <ActionError error={retry.error} /> : null}</Popover.Dropdown>
    </Popover>
  );
}
