import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useEffect } from 'react';
import { executionQuery } from '@/api/executions';
import { ErrorMessage } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';
import { ExecutionBar } from './execution-bar';
import { ExecutionFrame } from './execution-frame';
import { ExecutionSkeleton } from './execution-skeleton';
import { LineEnded } from './line-ended';
import { LiveContext, useLiveExecution } from './live';

/** One execution, live: the canvas it runs on, its table, timeline and events, and a drawer for the selected step. */
export function ExecutionPage() {
  const { id } = useParams({ from: '/signed-in/executions/$id' });
  return <LiveExecutionPage key={id} id={id} />;
}

function LiveExecutionPage({ id }: { id: string }) {
  const live = useLiveExecution(id);
  const detail = useQuery({ ...executionQuery(id), staleTime: Number.POSITIVE_INFINITY });
  useEffect(() => {
    if (detail.data) live.store.reset({ ...detail.data, execution: detail.data });
  }, [detail.data, live.store]);

  if (detail.isError) {
    return (
      <Page bar={<TopBar />}>
        <ErrorMessage
          error={detail.error}
          what="This execution"
          onRetry={() => void detail.refetch()}
          elsewhere={
            <Button renderRoot={(props) => <Link to="/executions" {...props} />}>All executions</Button>
          }
        />
      </Page>
    );
  }
  if (live.state === 'signed-out' || live.state === 'forbidden' || live.state === 'not-found') {
    return (
      <Page bar={<TopBar />}>
        <LineEnded state={live.state} />
      </Page>
    );
  }
  return (
    <LiveContext.Provider value={live}>
      <Page bar={<ExecutionBar />}>
        {detail.data ? <ExecutionFrame detail={detail.data} /> : <ExecutionSkeleton />}
      </Page>
    </LiveContext.Provider>
  );
}
