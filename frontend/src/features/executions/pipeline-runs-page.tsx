import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { pipelineQuery } from '@/api/pipelines';
import { ErrorMessage } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { pipelineTabs } from '@/components/ui/pipeline-tabs';
import { TabsBar } from '@/components/ui/tabs-bar';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import { ExecutionList } from './execution-list';

/** The executions of one pipeline. */
export function PipelineRunsPage() {
  const { id } = useParams({ from: '/signed-in/pipelines/$id/runs' });
  const filter = useSearch({ from: '/signed-in/pipelines/$id/runs' });
  const navigate = useNavigate();
  const pipeline = useQuery(pipelineQuery(id));
  if (pipeline.error) {
    return (
      <Page bar={<TopBar />}>
        <ErrorMessage
          error={pipeline.error}
          what="This pipeline"
          onRetry={() => void pipeline.refetch()}
          elsewhere={
            <Button renderRoot={(props) => <Link to="/pipelines" {...props} />}>All pipelines</Button>
          }
        />
      </Page>
    );
  }
  const name = pipeline.data?.display_name || pipeline.data?.name || '';
  return (
    <Page
      bar={
        <TopBar
          left={
            <Crumbs>
              <Link to="/pipelines">Pipelines</Link>
              <span aria-hidden="true">/</span>
              <b title={name}>{name}</b>
            </Crumbs>
          }
          center={<TabsBar label="Parts of this pipeline" tabs={pipelineTabs(id, 'Runs')} />}
        />
      }
    >
      <ExecutionList
        title={name ? `Runs of ${name}` : 'Runs'}
        filter={{ ...filter, pipeline: id }}
        onFilter={({ status }) =>
          void navigate({ to: '/pipelines/$id/runs', params: { id }, search: status ? { status } : {} })
        }
        emptyText="This pipeline has not run yet. Press Run on its Edit page."
        emptyAction={
          <Button renderRoot={(props) => <Link to="/pipelines/$id" params={{ id }} {...props} />}>
            Open the editor
          </Button>
        }
      />
    </Page>
  );
}
