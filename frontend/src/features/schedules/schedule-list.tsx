import { Button, Modal, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { changeSchedule, deleteSchedule, scheduleKeys, schedulesQuery } from '@/api/schedules';
import { sessionQuery } from '@/api/session';
import type { Schedule } from '@/api/types';
import { AfterDelay } from '@/components/ui/after-delay';
import { ErrorMessage, Message } from '@/components/ui/message';
import { ScheduleCard } from './schedule-card';
import { ScheduleDialog } from './schedule-dialog';
import styles from './schedules.module.css';

type Opened = { kind: 'edit'; schedule: Schedule | null } | { kind: 'delete'; schedule: Schedule };

/** The schedules of a pipeline, and what makes, changes and deletes them. */
export function ScheduleList({ pipelineId, published }: { pipelineId: string; published: boolean }) {
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery());
  const schedules = useQuery(schedulesQuery(pipelineId));
  const [opened, setOpened] = useState<Opened | null>(null);
  const close = () => setOpened(null);
  const refresh = () => client.invalidateQueries({ queryKey: scheduleKeys.all });
  const saved = async () => {
    await refresh();
    close();
  };
  const pause = useMutation({
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) => changeSchedule(id, { enabled }),
    onSettled: refresh,
  });
  const gone = useMutation({ mutationFn: deleteSchedule, onSuccess: saved });
  const mayChange = session?.permissions.includes('manage-schedules') ?? false;
  if (schedules.isError && !schedules.data) {
    return (
      <ErrorMessage error={schedules.error} what="The schedules" onRetry={() => void schedules.refetch()} />
    );
  }
  const rows = schedules.data ?? [];
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <h1>Schedules</h1>
        <span className={styles.space} />
        {mayChange && published ? (
          <Button
            variant="filled"
            leftSection={<Plus size={15} aria-hidden="true" />}
            onClick={() => setOpened({ kind: 'edit', schedule: null })}
          >
            New schedule
          </Button>
        ) : null}
      </div>
      {schedules.isPending ? (
        <AfterDelay>
          <Skeleton height={160} />
        </AfterDelay>
      ) : null}
      {schedules.isSuccess && rows.length === 0 ? (
        <Message
          title={published ? 'Nothing starts this pipeline by the clock' : 'Publish it first'}
          actions={
            published ? null : (
              <Button
                renderRoot={(props) => <Link to="/pipelines/$id" params={{ id: pipelineId }} {...props} />}
              >
                Open the editor
              </Button>
            )
          }
        >
          <p>
            {published
              ? 'A schedule starts the newest version, or the one an alias names, at the times you say.'
              : 'Schedules start published versions, so that an edit never runs by surprise. Publish the draft in the editor.'}
          </p>
        </Message>
      ) : null}
      {pause.isError ? (
        <p className={styles.error} role="alert">
          {pause.error.message}
        </p>
      ) : null}
      <ul className={styles.list}>
        {rows.map((schedule) => (
          <ScheduleCard
            key={schedule.id}
            schedule={schedule}
            mayChange={mayChange}
            busy={pause.isPending}
            onPause={(enabled) => pause.mutate({ id: schedule.id, enabled })}
            onEdit={() => setOpened({ kind: 'edit', schedule })}
            onDelete={() => setOpened({ kind: 'delete', schedule })}
          />
        ))}
      </ul>
      {opened?.kind === 'edit' ? (
        <ScheduleDialog pipelineId={pipelineId} schedule={opened.schedule} onSaved={saved} onClose={close} />
      ) : null}
      {opened?.kind === 'delete' ? (
        <Modal opened onClose={close} title={`Delete ${opened.schedule.name}?`}>
          <p className={styles.quiet}>Nothing starts by it any more. What it started goes on.</p>
          {gone.isError ? <p className={styles.error}>{gone.error.message}</p> : null}
          <div className={styles.buttons}>
            <Button onClick={close}>Cancel</Button>
            <Button
              color="red"
              variant="filled"
              loading={gone.isPending}
              onClick={() => gone.mutate(opened.schedule.id)}
            >
              Delete
            </Button>
          </div>
        </Modal>
      ) : null}
    </div>
  );
}
