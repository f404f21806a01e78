import { Calendar, CaseSensitive, Hash, HelpCircle, ToggleLeft } from 'lucide-react';
import type { Column, ColumnType } from '@/execution/summary';
import { cellText } from './cell-text';
import { Histogram } from './histogram';
import styles from './table.module.css';

const ICONS: Record<ColumnType, typeof Hash> = {
  integer: Hash,
  number: Hash,
  text: CaseSensitive,
  boolean: ToggleLeft,
  date: Calendar,
  datetime: Calendar,
  other: HelpCircle,
};

const WORDS: Record<ColumnType, string> = {
  integer: 'whole number',
  number: 'number',
  text: 'text',
  boolean: 'true/false',
  date: 'date',
  datetime: 'date and time',
  other: 'other',
};

/** A column's name, type, gaps and spread. */
export function ColumnHead({ name, column }: { name: string; column: Column | undefined }) {
  if (!column) {
    return (
      <b className={styles.name} title={name}>
        {name}
      </b>
    );
  }
  const Icon = ICONS[column.type];
  return (
    <>
      <b className={styles.name} title={name}>
        {name}
      </b>
      <span className={styles.type}>
        <Icon size={12} aria-hidden="true" /> {WORDS[column.type]}
      </span>
      <span className={column.missing ? styles.gaps : styles.type}>{gapWords(column)}</span>
      {column.histogram ? (
        <Histogram bars={column.histogram} label={`Spread of ${name}`} />
      ) : (
        <span className={styles.top} title={topWords(column)}>
          {topWords(column)}
        </span>
      )}
      <span className={styles.range} title={rangeWords(column)}>
        {rangeWords(column, true)}
      </span>
    </>
  );
}

function gapWords({ missing }: Column): string {
  if (missing === null) return '';
  return missing === 0 ? 'none missing' : `${missing.toLocaleString('en-US')} missing`;
}

function topWords({ top }: Column): string {
  return top
    .slice(0, 3)
    .map((one) => `${cellText(one.value) || 'empty'} ${one.count.toLocaleString('en-US')}`)
    .join(' · ');
}

/** What the values lie between; `days` leaves the hours out of moments that are days apart. */
function rangeWords({ type, min, max, distinct, histogram }: Column, days = false): string {
  if (histogram && min !== null && max !== null) {
    const ends = [cellText(min), cellText(max)];
    const [first, last] = ends.map((end) => end.slice(0, 10));
    return (days && type === 'datetime' && first !== last ? [first, last] : ends).join(' – ');
  }
  return distinct === null
    ? ''
    : `${distinct.toLocaleString('en-US')} ${distinct === 1 ? 'value' : 'values'}`;
}
