import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FileJson, LayoutTemplate, Plus, TriangleAlert } from 'lucide-react';
import { type DragEvent, useCallback, useEffect, useState } from 'react';
import { sessionQuery } from '@/api/session';
import type { PipelineRow } from '@/api/types';
import { usePipelineRows } from '@/api/use-pipeline-rows';
import { Chip } from '@/components/ui/chip';
import { ExecutionStatusChip } from '@/components/ui/execution-status';
import {
  ListPage,
  ListStates,
  ListTable,
  NameCell,
  OptionalCell,
  SearchBox,
  Space,
} from '@/components/ui/list-page';
import { Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';
import { WorkspaceTabs } from '@/components/ui/workspace-tabs';
import { formatAbsolute, formatAgo, formatDuration } from '@/lib/format';
import { ImportDialog } from './import-dialog';
import { NewPipelineDialog } from './new-pipeline-dialog';
import styles from './pipelines-page.module.css';

/** Every pipeline of the workspace. */
export function PipelinesPage() {
  const { search = '', dialog: asked } = useSearch({ from: '/signed-in/pipelines' });
  const { data: session } = useQuery(sessionQuery());
  const navigate = useNavigate();
  const list = usePipelineRows(search);
  const [dialog, setDialog] = useState<'new' | 'import' | null>(asked ?? null);
  const [dropped, setDropped] = useState<File | null>(null);
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const mayCreate = session?.role === 'editor' || session?.role === 'admin';
  useEffect(() => {
    document.title = 'Pipelines · Clary';
  }, []);
  const onSearch = useCallback(
    (typed: string) =>
      void navigate({ to: '/pipelines', search: typed ? { search: typed } : {}, replace: true }),
    [navigate],
  );
  const onDrop = (event: DragEvent) => {
    const file = event.dataTransfer.files[0];
    if (!file) return;
    setDropped(file);
    setDialog('import');
  };
  const actions = mayCreate ? (
    <>
      <Button leftSection={<FileJson size={15} aria-hidden="true" />} onClick={() => setDialog('import')}>
        Import JSON
      </Button>
      <Button
        renderRoot={(props) => <Link to="/templates" {...props} />}
        leftSection={<LayoutTemplate size={15} aria-hidden="true" />}
      >
        From a template
      </Button>
      <Button
        variant="filled"
        leftSection={<Plus size={15} aria-hidden="true" />}
        onClick={() => setDialog('new')}
      >
        New pipeline
      </Button>
    </>
  ) : null;
  return (
    <Page
      bar={<TopBar left={<b>{session?.workspace.name}</b>} center={<WorkspaceTabs active="Pipelines" />} />}
    >
      <ListPage
        title="Pipelines"
        term={{ term: 'pipeline', word: 'pipeline' }}
        tools={
          <>
            <SearchBox label="Search pipelines" value={search} onSearch={onSearch} />
            <Space />
            {actions}
          </>
        }
        onDrop={mayCreate ? onDrop : null}
      >
        <ListStates list={list} what="The pipelines">
          {list.isSuccess && rows.length === 0 ? <NoPipelines search={search} actions={actions} /> : null}
          {rows.length > 0 ? <PipelineTable rows={rows} /> : null}
        </ListStates>
      </ListPage>
      {dialog === 'new' ? <NewPipelineDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'import' ? (
        <ImportDialog
          file={dropped}
          onClose={() => {
            setDialog(null);
            setDropped(null);
          }}
        />
      ) : null}
    </Page>
  );
}

function NoPipelines({ search, actions }: { search: string; actions: React.ReactNode }) {
  const navigate = useNavigate();
  if (search) {
    return (
      <Message
        title={`No pipeline fits “${search}”`}
        actions={
          <Button onClick={() => void navigate({ to: '/pipelines', search: {} })}>Clear search</Button>
        }
      />
    );
  }
  return (
    <Message title="No pipelines yet" actions={actions}>
      <p>
        A pipeline is a graph of steps: prepare data, train, check, register. Start from a template that runs
        as it is, draw your own, or import a SageMaker definition.
      </p>
    </Message>
  );
}

function PipelineTable({ rows }: { rows: readonly PipelineRow[] }) {
  return (
    <ListTable
      label="Pipelines"
      heads={[
        { title: 'Name' },
        { title: 'Last run' },
        { title: 'Steps', optional: true },
        { title: 'Version', optional: true },
        { title: 'Changed', optional: true },
      ]}
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <NameCell about={row.description}>
            <Link to="/pipelines/$id" params={{ id: row.id }} title={row.display_name || row.name}>
              {row.display_name || row.name}
            </Link>
            {row.problem_count > 0 ? (
              <Chip tone="warn" icon={<TriangleAlert size={12} aria-hidden="true" />}>
                {row.problem_count} {row.problem_count === 1 ? 'problem' : 'problems'}
              </Chip>
            ) : null}
          </NameCell>
          <td>
            {row.last_execution ? (
              <span className={styles.run}>
                <Link to="/executions/$id" params={{ id: row.last_execution.id }}>
                  <span className="visually-hidden">Last run of {row.display_name || row.name}: </span>
                  <ExecutionStatusChip
                    status={row.last_execution.status}
                    {...(row.last_execution.duration_seconds === null
                      ? {}
                      : { extra: formatDuration(row.last_execution.duration_seconds) })}
                  />
                </Link>
                <small title={formatAbsolute(row.last_execution.started_at)}>
                  {formatAgo(row.last_execution.started_at)}
                </small>
              </span>
            ) : (
              <small>Never run</small>
            )}
          </td>
          <OptionalCell>{row.step_count}</OptionalCell>
          <OptionalCell>
            {row.latest_version === null ? <small>Draft</small> : `v${row.latest_version}`}
          </OptionalCell>
          <OptionalCell>
            <small title={formatAbsolute(row.updated_at)}>{formatAgo(row.updated_at)}</small>
          </OptionalCell>
        </tr>
      ))}
    </ListTable>
  );
}
