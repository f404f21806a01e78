import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { pipelineQuery } from '@/api/pipelines';
import { ErrorMessage } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { pipelineTabs } from '@/components/ui/pipeline-tabs';
import { TabsBar } from '@/components/ui/tabs-bar';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import { ScheduleList } from './schedule-list';

/** What starts this pipeline by the clock. */
export function SchedulesPage() {
  const { id } = useParams({ from: '/signed-in/pipelines/$id/schedules' });
  const pipeline = useQuery(pipelineQuery(id));
  const name = pipeline.data?.display_name || pipeline.data?.name || '';
  const crumbs = (
    <Crumbs>
      <Link to="/pipelines">Pipelines</Link>
      <span aria-hidden="true">/</span>
      <b title={name}>{name}</b>
    </Crumbs>
  );
  return (
    <Page
      bar={
        <TopBar left={crumbs} center={<TabsBar label="Pipeline" tabs={pipelineTabs(id, 'Schedules')} />} />
      }
    >
      {pipeline.error ? (
        <ErrorMessage
          error={pipeline.error}
          what="This pipeline"
          onRetry={() => void pipeline.refetch()}
          elsewhere={
            <Button renderRoot={(props) => <Link to="/pipelines" {...props} />}>All pipelines</Button>
          }
        />
      ) : (
        <ScheduleList pipelineId={id} published={(pipeline.data?.latest_version ?? 0) > 0} />
      )}
    </Page>
  );
}
