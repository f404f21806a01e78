import { formatMetric } from '@/execution/metrics';
import type { Cell } from '@/execution/summary';

/** A cell as people read it: figures rounded as everywhere, whole numbers as they are, nothing for null. */
export function cellText(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatMetric(value);
  return String(value);
}
