import { describe, expect, it } from 'vitest';
import { expressionOf, NEW_RHYTHM, rhythmOf } from './rhythm';

describe('the rhythm of a schedule', () => {
  it.each([
    ['rate(6 hours)', 'every'],
    ['cron(0 7 * * ? *)', 'daily'],
    ['cron(30 18 ? * MON,WED *)', 'weekly'],
    ['cron(5 0 L * ? *)', 'monthly'],
    ['at(2027-01-31T07:00:00)', 'once'],
    ['cron(0 9 ? * 6#3 *)', 'cron'],
    ['cron(0/15 * * * ? *)', 'cron'],
  ])('%s is read as %s and written back as it was', (expression, kind) => {
    const rhythm = rhythmOf(expression);
    expect(rhythm.kind).toBe(kind);
    expect(expressionOf(rhythm)).toBe(expression);
  });

  it('says nothing while a part is missing', () => {
    expect(expressionOf({ ...NEW_RHYTHM, kind: 'weekly', days: [] })).toBe('');
    expect(expressionOf({ ...NEW_RHYTHM, time: '' })).toBe('');
    expect(expressionOf({ ...NEW_RHYTHM, kind: 'every', count: '' })).toBe('');
  });

  it('names weekdays in the order of the week', () => {
    expect(expressionOf({ ...NEW_RHYTHM, kind: 'weekly', days: ['FRI', 'MON'] })).toBe(
      'cron(0 7 ? * MON,FRI *)',
    );
  });
});
