import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { pipelinesQuery } from '@/api/pipelines';
import { sessionQuery } from '@/api/session';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';
import { WorkspaceTabs } from '@/components/ui/workspace-tabs';
import { ExecutionList } from './execution-list';
import { PipelineFilter } from './pipeline-filter';

/** Every execution of the workspace, newest first, live. */
export function ExecutionsPage() {
  const filter = useSearch({ from: '/signed-in/executions' });
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionQuery());
  const pipelines = useInfiniteQuery(pipelinesQuery(''));
  const choices = pipelines.data?.pages.flatMap((page) => page.results) ?? [];
  const show = (next: { status?: string; pipeline?: string }) =>
    void navigate({ to: '/executions', search: next });
  return (
    <Page
      bar={<TopBar left={<b>{session?.workspace.name}</b>} center={<WorkspaceTabs active="Executions" />} />}
    >
      <ExecutionList
        title="Executions"
        filter={filter}
        onFilter={show}
        filters={
          <PipelineFilter
            choices={choices}
            chosen={filter.pipeline ?? null}
            onChoose={(pipeline) => show({ ...withoutPipeline(filter), ...(pipeline ? { pipeline } : {}) })}
          />
        }
        emptyText="Open a pipeline and press Run: every execution appears here with its status, live."
        emptyAction={
          <Button renderRoot={(props) => <Link to="/pipelines" {...props} />}>
            Choose a pipeline to run
          </Button>
        }
        showPipeline
      />
    </Page>
  );
}

function withoutPipeline({ status }: { status?: string }): { status?: string } {
  return status ? { status } : {};
}
