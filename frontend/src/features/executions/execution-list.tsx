import { Button } from '@mantine/core';
import { ListFilter, Rows3, WifiOff } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ExecutionFilter } from '@/api/executions';
import { Chip, ChipButton } from '@/components/ui/chip';
import { ListPage, ListStates } from '@/components/ui/list-page';
import { Message } from '@/components/ui/message';
import { isTerminalExecution } from '@/execution/types';
import { readStored, writeStored } from '@/lib/stored';
import styles from './execution-list.module.css';
import { ExecutionTable } from './execution-table';
import { ListSkeleton } from './list-skeleton';
import { useExecutionRows } from './use-execution-rows';

const STATUSES = [
  ['Executing', 'Executing'],
  ['Succeeded', 'Succeeded'],
  ['Failed', 'Failed'],
  ['Stopped', 'Stopped'],
  ['CompletedWithFailures', 'Completed with failures'],
] as const;

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

interface Props {
  title: string;
  filter: ExecutionFilter;
  onFilter: (filter: ExecutionFilter) => void;
  /** More filters, beside those for the status. */
  filters?: ReactNode;
  emptyText: string;
  emptyAction: ReactNode;
  showPipeline?: boolean;
}

/** A live list of executions with its filters; every state of it is told. */
export function ExecutionList({
  title,
  filter,
  onFilter,
  filters,
  emptyText,
  emptyAction,
  showPipeline = false,
}: Props) {
  const { query, rows, line } = useExecutionRows(filter);
  const [parameters, setParameters] = useState(() => readStored('execution-parameters', isFlag) ?? false);
  const { status: _, ...withoutStatus } = filter;
  const filtered = filter.status !== undefined || (showPipeline && filter.pipeline !== undefined);
  useRunningTitle(title, rows.filter((row) => !isTerminalExecution(row.status)).length);
  return (
    <ListPage
      wide
      title={title}
      term={{ term: 'execution', word: 'execution' }}
      tools={
        line === 'reconnecting' ? (
          <Chip tone="warn" icon={<WifiOff size={13} aria-hidden="true" />}>
            Live updates paused, reconnecting
          </Chip>
        ) : null
      }
    >
      <fieldset className={styles.filters}>
        <legend className="visually-hidden">Filters</legend>
        <ListFilter size={15} aria-hidden="true" className={styles.sign} />
        {STATUSES.map(([status, label]) => (
          <ChipButton
            key={status}
            tone={filter.status === status ? 'brand' : 'plain'}
            aria-pressed={filter.status === status}
            onClick={() => onFilter(filter.status === status ? withoutStatus : { ...filter, status })}
          >
            {label}
          </ChipButton>
        ))}
        {filters}
        <span className={styles.space} />
        <ChipButton
          tone={parameters ? 'brand' : 'plain'}
          aria-pressed={parameters}
          icon={<Rows3 size={13} aria-hidden="true" />}
          onClick={() => {
            writeStored('execution-parameters', !parameters);
            setParameters(!parameters);
          }}
        >
          Parameters
        </ChipButton>
      </fieldset>
      <ListStates list={query} what="The executions" more="Show older" waiting={<ListSkeleton />}>
        {query.isSuccess && rows.length === 0 ? (
          filtered ? (
            <Message
              title="No execution matches"
              actions={
                <Button onClick={() => onFilter(showPipeline ? {} : withoutStatus)}>Clear filters</Button>
              }
            >
              <p>Nothing here has this status or belongs to this pipeline.</p>
            </Message>
          ) : (
            <Message title="No executions yet" actions={emptyAction}>
              <p>{emptyText}</p>
            </Message>
          )
        ) : null}
        {rows.length > 0 ? (
          <ExecutionTable rows={rows} showPipeline={showPipeline} showParameters={parameters} label={title} />
        ) : null}
      </ListStates>
    </ListPage>
  );
}

/** The browser tab counts what runs. */
function useRunningTitle(title: string, running: number): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${running > 0 ? `(${running}) ` : ''}${title} · Clary`;
    return () => {
      document.title = before;
    };
  }, [title, running]);
}
