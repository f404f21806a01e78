import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Database, LayoutTemplate, Plus } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { sessionQuery } from '@/api/session';
import { usePipelineRows } from '@/api/use-pipeline-rows';
import { ExecutionStatusChip } from '@/components/ui/execution-status';
import { ErrorMessage } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';
import { WorkspaceTabs } from '@/components/ui/workspace-tabs';
import { formatAbsolute, formatAgo } from '@/lib/format';
import styles from './home-page.module.css';
import { NeedsYou } from './needs-you';

const RECENT = 8;

/** Where one comes back to: what needs a person, and what one worked on last. */
export function HomePage() {
  const { data: session } = useQuery(sessionQuery());
  const mayEdit = session?.role === 'editor' || session?.role === 'admin';
  useEffect(() => {
    document.title = 'Home · Clary';
  }, []);
  return (
    <Page bar={<TopBar left={<b>{session?.workspace.name}</b>} center={<WorkspaceTabs active={null} />} />}>
      <div className={styles.page}>
        <h1>Home</h1>
        {mayEdit ? <Beginnings /> : null}
        <div className={styles.columns}>
          <Section id="needs" title="Runs that need you">
            <NeedsYou />
          </Section>
          <Section id="recent" title="Recent">
            <Recent />
          </Section>
        </div>
      </div>
    </Page>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Beginnings() {
  return (
    <div className={styles.beginnings}>
      <Button
        variant="filled"
        leftSection={<Plus size={15} aria-hidden="true" />}
        renderRoot={(props) => <Link to="/pipelines" search={{ dialog: 'new' }} {...props} />}
      >
        New pipeline
      </Button>
      <Button
        leftSection={<LayoutTemplate size={15} aria-hidden="true" />}
        renderRoot={(props) => <Link to="/templates" {...props} />}
      >
        From a template
      </Button>
      <Button
        leftSection={<Database size={15} aria-hidden="true" />}
        renderRoot={(props) => <Link to="/data" {...props} />}
      >
        Bring your data
      </Button>
    </div>
  );
}

/** Pipelines, last changed first, each with its newest run. */
function Recent() {
  const list = usePipelineRows('');
  if (list.isError) {
    return <ErrorMessage error={list.error} what="Your pipelines" onRetry={() => void list.refetch()} />;
  }
  const rows = list.data?.pages[0]?.results.slice(0, RECENT) ?? [];
  if (list.isSuccess && rows.length === 0) {
    return <p className={styles.quiet}>No pipelines yet. Start from a template: it runs as it is.</p>;
  }
  return (
    <ul className={styles.list}>
      {rows.map((row) => (
        <li key={row.id}>
          <Link
            to="/pipelines/$id"
            params={{ id: row.id }}
            className={styles.name}
            title={row.display_name || row.name}
          >
            {row.display_name || row.name}
          </Link>
          <small title={formatAbsolute(row.updated_at)}>{formatAgo(row.updated_at)}</small>
          <span className={styles.end}>
            {row.last_execution ? (
              <Link
                to="/executions/$id"
                params={{ id: row.last_execution.id }}
                aria-label={`Last run of ${row.display_name || row.name}: ${row.last_execution.status}`}
              >
                <ExecutionStatusChip status={row.last_execution.status} />
              </Link>
            ) : (
              <small>Never run</small>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}
