import { Button, Modal, Select, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { changeSchedule, createSchedule, previewQuery } from '@/api/schedules';
import type { Schedule } from '@/api/types';
import { FireTimes } from './fire-times';
import { expressionOf, NEW_RHYTHM, rhythmOf } from './rhythm';
import { RhythmFields } from './rhythm-fields';
import styles from './schedules.module.css';
import { parametersFrom, parametersText } from './values';

interface Props {
  pipelineId: string;
  /** The one to change; null makes a new one. */
  schedule: Schedule | null;
  onSaved(): Promise<void>;
  onClose(): void;
}

/** When a pipeline starts by itself, in words; below them what the server makes of them. */
export function ScheduleDialog({ pipelineId, schedule, onSaved, onClose }: Props) {
  const [name, setName] = useState(schedule?.name ?? '');
  const [rhythm, setRhythm] = useState(schedule ? rhythmOf(schedule.expression) : NEW_RHYTHM);
  const [zone, setZone] = useState(schedule?.zone ?? ownZone());
  const [values, setValues] = useState(schedule ? parametersText(schedule.parameters) : '');
  const expression = expressionOf(rhythm);
  const known = useMemo(() => zones(zone), [zone]);
  const [asked] = useDebouncedValue(expression, 250);
  const preview = useQuery({ ...previewQuery(asked, zone), enabled: asked !== '' });
  const parameters = parametersFrom(values);
  const save = useMutation({
    mutationFn: () => {
      const facts = { expression, zone, parameters: parameters.values };
      return schedule
        ? changeSchedule(schedule.id, facts)
        : createSchedule(pipelineId, { ...facts, name: name.trim() });
    },
    onSuccess: onSaved,
  });
  return (
    <Modal opened onClose={onClose} title={schedule ? `Schedule ${schedule.name}` : 'New schedule'}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (expression !== '' && parameters.problem === null) save.mutate();
        }}
      >
        <TextInput
          label="Name"
          description="Letters, digits, dots, hyphens and underscores."
          placeholder="weekday-mornings"
          data-autofocus
          required
          readOnly={schedule !== null}
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <RhythmFields rhythm={rhythm} onChange={setRhythm} />
        <Select
          label="Time zone"
          searchable
          allowDeselect={false}
          limit={50}
          data={known}
          value={zone}
          onChange={(chosen) => chosen && setZone(chosen)}
        />
        <Textarea
          label="Parameters"
          description="One per line, as Name = value. What is not named keeps its default."
          placeholder="TestSize = 0.25"
          rows={2}
          value={values}
          error={parameters.problem}
          onChange={(event) => setValues(event.currentTarget.value)}
        />
        <section className={styles.preview} aria-label="What that means" aria-live="polite">
          {preview.data && asked !== '' ? (
            <>
              <b>{preview.data.words}</b>
              <FireTimes times={preview.data.next_fires} zone={zone} />
            </>
          ) : null}
          {preview.isError && asked !== '' ? <p className={styles.error}>{preview.error.message}</p> : null}
          {asked === '' ? (
            <p className={styles.quiet}>Say when, and the next five times stand here.</p>
          ) : null}
        </section>
        {save.isError ? (
          <p className={styles.error} role="alert">
            {save.error.message}
          </p>
        ) : null}
        <div className={styles.buttons}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="filled" loading={save.isPending} disabled={expression === ''}>
            {schedule ? 'Save' : 'Create'}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

function zones(current: string): string[] {
  const known = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : [];
  return [...new Set(['UTC', current, ...known])];
}
