import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Pencil } from 'lucide-react';
import { StatusChip } from '@/components/status/status-chip';
import { Chip } from '@/components/ui/chip';
import { TabsBar } from '@/components/ui/tabs-bar';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import { executionKind, executionName, executionTitle, pipelineTitle, secondsOf } from '@/execution/status';
import { type ExecutionRow, isTerminalExecution } from '@/execution/types';
import { formatAbsolute, formatDuration } from '@/lib/format';
import { ConnectionChip } from './connection-chip';
import { useDocumentStatus } from './document-status';
import styles from './execution-bar.module.css';
import { useExecution, useLive, useServerNow } from './live';
import { useNarrow, usePlace, VIEWS } from './location';
import { RetryButton } from './retry-button';
import { StopButton } from './stop-button';

const LABELS = { graph: 'Graph', table: 'Table', gantt: 'Gantt', events: 'Events' } as const;

export function ExecutionBar() {
  const execution = useExecution();
  const narrow = useNarrow();
  useDocumentStatus(execution);
  return (
    <TopBar
      left={execution ? <Standing execution={execution} narrow={narrow} /> : <Crumbs>Execution</Crumbs>}
      center={narrow ? null : <ViewTabs />}
      right={execution ? <Actions execution={execution} /> : null}
      leftFirst
    />
  );
}

/** Graph, table, Gantt, events: in the bar, or below it where the bar has no room. */
export function ViewTabs() {
  const { executionId } = useLive();
  const { place } = usePlace();
  return (
    <TabsBar
      label="Views of this execution"
      tabs={VIEWS.map((view) => ({
        label: LABELS[view],
        active: place.view === view,
        link: {
          to: '/executions/$id',
          params: { id: executionId },
          search: (before: Record<string, unknown>) => ({ ...before, view }),
        },
      }))}
    />
  );
}

function Standing({ execution, narrow }: { execution: ExecutionRow; narrow: boolean }) {
  const running = !isTerminalExecution(execution.status);
  const now = useServerNow(running);
  const seconds = secondsOf(execution, now);
  const time = seconds === null ? '' : ` · ${formatDuration(seconds, running ? 'clock' : 'auto')}`;
  const started = execution.started_at
    ? `Started ${formatAbsolute(execution.started_at)}`
    : 'Not started yet';
  return (
    <>
      <Crumbs>
        {narrow ? null : (
          <>
            <Link
              to="/pipelines/$id"
              params={{ id: execution.pipeline.id }}
              className={styles.of}
              title={execution.pipeline.name}
            >
              {pipelineTitle(execution)}
            </Link>
            <span aria-hidden="true">/</span>
          </>
        )}
        <b title={execution.id} className={styles.run}>
          {executionTitle(execution)}
        </b>
      </Crumbs>
      <StatusChip kind={executionKind(execution.status)}>
        {executionName(execution.status)}
        <span data-testid="execution-time">{time}</span>
      </StatusChip>
      <span className={styles.source}>
        <Chip title={`${execution.source_label}. ${started}`}>
          {execution.source_label}
          {execution.started_by ? ` · started by ${execution.started_by}` : ''}
        </Chip>
      </span>
      <ConnectionChip />
    </>
  );
}

function Actions({ execution }: { execution: ExecutionRow }) {
  return (
    <>
      <span className={styles.edit}>
        <Button
          renderRoot={(props) => (
            <Link {...props} to="/pipelines/$id" params={{ id: execution.pipeline.id }} />
          )}
          leftSection={<Pencil size={14} />}
        >
          Edit pipeline
        </Button>
      </span>
      {isTerminalExecution(execution.status) ? (
        <RetryButton execution={execution} />
      ) : (
        <StopButton execution={execution} />
      )}
    </>
  );
}
