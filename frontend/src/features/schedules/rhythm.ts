/** How often, in the words of a form; `cron` is whatever the words cannot say. */
export interface Rhythm {
  kind: 'every' | 'daily' | 'weekly' | 'monthly' | 'once' | 'cron';
  count: string;
  unit: 'minutes' | 'hours' | 'days';
  time: string;
  days: string[];
  monthDay: string;
  moment: string;
  cron: string;
}

export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;

export const NEW_RHYTHM: Rhythm = {
  kind: 'daily',
  count: '6',
  unit: 'hours',
  time: '07:00',
  days: ['MON', 'TUE', 'WED', 'THU', 'FRI'],
  monthDay: '1',
  moment: '',
  cron: '',
};

/** The expression of a rhythm, in AWS's form; empty while something is missing. */
export function expressionOf(rhythm: Rhythm): string {
  const [hour = '', minute = ''] = rhythm.time.split(':').map((part) => String(Number(part)));
  switch (rhythm.kind) {
    case 'every':
      return rhythm.count ? `rate(${rhythm.count} ${rhythm.unit})` : '';
    case 'daily':
      return rhythm.time ? `cron(${minute} ${hour} * * ? *)` : '';
    case 'weekly':
      return rhythm.time && rhythm.days.length > 0
        ? `cron(${minute} ${hour} ? * ${WEEKDAYS.filter((day) => rhythm.days.includes(day)).join(',')} *)`
        : '';
    case 'monthly':
      return rhythm.time ? `cron(${minute} ${hour} ${rhythm.monthDay} * ? *)` : '';
    case 'once':
      return rhythm.moment
        ? `at(${rhythm.moment.length === 16 ? `${rhythm.moment}:00` : rhythm.moment})`
        : '';
    case 'cron':
      return rhythm.cron.trim();
  }
}

/** The words for an expression; what the form cannot say stays an expression. */
export function rhythmOf(expression: string): Rhythm {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate)
    return { ...NEW_RHYTHM, kind: 'every', count: rate[1] ?? '', unit: `${rate[2]}s` as Rhythm['unit'] };
  const at = /^at\((.+)\)$/.exec(expression);
  if (at) return { ...NEW_RHYTHM, kind: 'once', moment: at[1] ?? '' };
  const cron = /^cron\((\d{1,2}) (\d{1,2}) (\S+) \* (\S+) \*\)$/.exec(expression);
  const [, minute = '', hour = '', day = '', weekday = ''] = cron ?? [];
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (cron && day === '*' && weekday === '?') return { ...NEW_RHYTHM, kind: 'daily', time };
  if (cron && /^(\d{1,2}|L)$/.test(day) && weekday === '?') {
    return { ...NEW_RHYTHM, kind: 'monthly', time, monthDay: day };
  }
  const days = weekday.split(',');
  if (cron && day === '?' && days.every((one) => (WEEKDAYS as readonly string[]).includes(one))) {
    return { ...NEW_RHYTHM, kind: 'weekly', time, days };
  }
  return { ...NEW_RHYTHM, kind: 'cron', cron: expression };
}
