import { Chip, Group, NumberInput, Select, TextInput } from '@mantine/core';
import { type Rhythm, WEEKDAYS } from './rhythm';

interface Props {
  rhythm: Rhythm;
  onChange(rhythm: Rhythm): void;
}

const KINDS: { value: Rhythm['kind']; label: string }[] = [
  { value: 'every', label: 'Every few minutes, hours or days' },
  { value: 'daily', label: 'Every day' },
  { value: 'weekly', label: 'On days of the week' },
  { value: 'monthly', label: 'On a day of the month' },
  { value: 'once', label: 'Once' },
  { value: 'cron', label: 'By a cron expression' },
];
const DAY_NAMES: Record<(typeof WEEKDAYS)[number], string> = {
  MON: 'Mon',
  TUE: 'Tue',
  WED: 'Wed',
  THU: 'Thu',
  FRI: 'Fri',
  SAT: 'Sat',
  SUN: 'Sun',
};
const MONTH_DAYS = [
  ...Array.from({ length: 31 }, (_, index) => ({ value: String(index + 1), label: String(index + 1) })),
  { value: 'L', label: 'the last' },
];

/** How often: a choice in words, and the fields it needs. */
export function RhythmFields({ rhythm, onChange }: Props) {
  const set = (change: Partial<Rhythm>) => onChange({ ...rhythm, ...change });
  return (
    <>
      <Select
        label="How often"
        allowDeselect={false}
        data={KINDS}
        value={rhythm.kind}
        onChange={(kind) => kind && set({ kind: kind as Rhythm['kind'] })}
      />
      {rhythm.kind === 'every' ? (
        <Group grow>
          <NumberInput
            label="Every"
            min={1}
            max={3660}
            allowDecimal={false}
            value={rhythm.count === '' ? '' : Number(rhythm.count)}
            onChange={(count) => set({ count: count === '' ? '' : String(count) })}
          />
          <Select
            label="Unit"
            allowDeselect={false}
            data={['minutes', 'hours', 'days']}
            value={rhythm.unit}
            onChange={(unit) => unit && set({ unit: unit as Rhythm['unit'] })}
          />
        </Group>
      ) : null}
      {rhythm.kind === 'weekly' ? (
        <Chip.Group multiple value={rhythm.days} onChange={(days) => set({ days })}>
          <Group gap={6} role="group" aria-label="Days of the week">
            {WEEKDAYS.map((day) => (
              <Chip key={day} value={day} size="xs">
                {DAY_NAMES[day]}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      ) : null}
      {rhythm.kind === 'monthly' ? (
        <Select
          label="Day of the month"
          description="Months without that day are left out."
          allowDeselect={false}
          data={MONTH_DAYS}
          value={rhythm.monthDay}
          onChange={(monthDay) => monthDay && set({ monthDay })}
        />
      ) : null}
      {['daily', 'weekly', 'monthly'].includes(rhythm.kind) ? (
        <TextInput
          type="time"
          label="At"
          required
          value={rhythm.time}
          onChange={(event) => set({ time: event.currentTarget.value })}
        />
      ) : null}
      {rhythm.kind === 'once' ? (
        <TextInput
          type="datetime-local"
          label="At"
          required
          value={rhythm.moment}
          onChange={(event) => set({ moment: event.currentTarget.value })}
        />
      ) : null}
      {rhythm.kind === 'cron' ? (
        <TextInput
          label="Expression"
          description="Five fields as in a crontab, or AWS's cron(minutes hours day-of-month month day-of-week year)."
          placeholder="0 7 * * 1-5"
          required
          maxLength={256}
          value={rhythm.cron}
          onChange={(event) => set({ cron: event.currentTarget.value })}
        />
      ) : null}
    </>
  );
}
