import { Button, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { FileJson, LayoutTemplate, Plus, Search, TriangleAlert } from 'lucide-react';
import { useEffect, useState } from 'react';
import { pipelinesQuery } from '@/api/pipelines';
import { sessionQuery } from '@/api/session';
import type { PipelineRow } from '@/api/types';
import { AfterDelay } from '@/components/ui/after-delay';
import { Chip } from '@/components/ui/chip';
import { ExecutionStatusChip } from '@/components/ui/execution-status';
import { ErrorMessage, Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TermHelp } from '@/components/ui/term';
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
  const list = useInfiniteQuery(pipelinesQuery(search));
  const [dialog, setDialog] = useState<'new' | 'import' | null>(asked ?? null);
  const [dropped, setDropped] = useState<File | null>(null);
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const mayCreate = session?.role === 'editor' || session?.role === 'admin';
  useEffect(() => {
    document.title = 'Pipelines · Clary';
  }, []);
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
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere; the button does the same */}
      <div
        className={styles.page}
        onDragOver={(event) => {
          if (event.dataTransfer.types.includes('Files')) event.preventDefault();
        }}
        onDrop={(event) => {
          const file = event.dataTransfer.files[0];
          if (!file || !mayCreate) return;
          event.preventDefault();
          setDropped(file);
          setDialog('import');
        }}
      >
        <div className={styles.head}>
          <h1>Pipelines</h1>
          <TermHelp term="pipeline" word="pipeline" />
          <SearchBox value={search} />
          <span className={styles.space} />
          {actions}
        </div>
        {list.isError ? (
          <ErrorMessage error={list.error} what="The pipelines" onRetry={() => void list.refetch()} />
        ) : null}
        {list.isPending ? (
          <AfterDelay>
            <div className={styles.waiting} role="status" aria-label="Loading pipelines">
              {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
                <Skeleton key={key} height={39} radius={4} />
              ))}
            </div>
          </AfterDelay>
        ) : null}
        {list.isSuccess && rows.length === 0 ? <NoPipelines search={search} actions={actions} /> : null}
        {rows.length > 0 ? <PipelineTable rows={rows} /> : null}
        {list.hasNextPage ? (
          <div className={styles.more}>
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          </div>
        ) : null}
      </div>
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

function SearchBox({ value }: { value: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(
      () => void navigate({ to: '/pipelines', search: typed ? { search: typed } : {}, replace: true }),
      250,
    );
    return () => clearTimeout(timer);
  }, [typed, value, navigate]);
  return (
    <label className={styles.search}>
      <Search size={14} aria-hidden="true" />
      <input
        type="search"
        aria-label="Search pipelines"
        placeholder="Search pipelines"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
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
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Last run</th>
          <th scope="col" className={styles.optional}>
            Steps
          </th>
          <th scope="col" className={styles.optional}>
            Version
          </th>
          <th scope="col" className={styles.optional}>
            Changed
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className={styles.name}>
              <Link to="/pipelines/$id" params={{ id: row.id }}>
                {row.display_name || row.name}
              </Link>
              {row.problem_count > 0 ? (
                <Chip tone="warn" icon={<TriangleAlert size={12} aria-hidden="true" />}>
                  {row.problem_count} {row.problem_count === 1 ? 'problem' : 'problems'}
                </Chip>
              ) : null}
              <small>{row.description}</small>
            </td>
            <td>
              {row.last_execution ? (
                <span className={styles.run}>
                  <Link to="/executions/$id" params={{ id: row.last_execution.id }}>
                    <span className="visually-hidden">Last run of {row.name}: </span>
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
            <td className={styles.optional}>{row.step_count}</td>
            <td className={styles.optional}>
              {row.latest_version === null ? <small>Draft</small> : `v${row.latest_version}`}
            </td>
            <td className={styles.optional}>
              <small title={formatAbsolute(row.updated_at)}>{formatAgo(row.updated_at)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
