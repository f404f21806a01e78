import { Button, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { pipelineQuery, versionsQuery } from '@/api/pipelines';
import { AfterDelay } from '@/components/ui/after-delay';
import { ListPage, ListTable, NameCell } from '@/components/ui/list-page';
import { ErrorMessage, Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { pipelineTabs } from '@/components/ui/pipeline-tabs';
import { TabsBar } from '@/components/ui/tabs-bar';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import { formatAbsolute, formatAgo } from '@/lib/format';

/** Every published version: who, when, what changed. */
export function VersionsPage() {
  const { id } = useParams({ from: '/signed-in/pipelines/$id/versions' });
  const pipeline = useQuery(pipelineQuery(id));
  const versions = useQuery(versionsQuery(id));
  const rows = versions.data?.results ?? [];
  const crumbs = (
    <Crumbs>
      <Link to="/pipelines">Pipelines</Link>
      <span>/</span>
      <b title={pipeline.data?.name}>{pipeline.data?.display_name || pipeline.data?.name}</b>
    </Crumbs>
  );
  return (
    <Page
      bar={<TopBar left={crumbs} center={<TabsBar label="Pipeline" tabs={pipelineTabs(id, 'Versions')} />} />}
    >
      <ListPage title="Versions" term={{ term: 'pipelineVersion', word: 'version' }}>
        {versions.isError ? (
          <ErrorMessage
            error={versions.error}
            what="This pipeline"
            onRetry={() => void versions.refetch()}
            elsewhere={
              <Button renderRoot={(props) => <Link to="/pipelines" {...props} />}>All pipelines</Button>
            }
          />
        ) : null}
        {versions.isPending ? (
          <AfterDelay>
            <Skeleton height={120} />
          </AfterDelay>
        ) : null}
        {versions.isSuccess && rows.length === 0 ? (
          <Message
            title="Nothing published yet"
            actions={
              <Button renderRoot={(props) => <Link to="/pipelines/$id" params={{ id }} {...props} />}>
                Open the editor
              </Button>
            }
          >
            <p>Publish a draft in the editor to make a version that schedules and the API can run.</p>
          </Message>
        ) : null}
        {rows.length > 0 ? (
          <ListTable
            label="Versions"
            heads={[{ title: 'Version' }, { title: 'What changed' }, { title: 'By' }, { title: 'When' }]}
          >
            {rows.map((version) => (
              <tr key={version.number}>
                <td>v{version.number}</td>
                <NameCell about={version.note ? '' : 'No note'}>{version.note}</NameCell>
                <td>{version.created_by}</td>
                <td>
                  <small title={formatAbsolute(version.created_at)}>{formatAgo(version.created_at)}</small>
                </td>
              </tr>
            ))}
          </ListTable>
        ) : null}
      </ListPage>
    </Page>
  );
}
