import { type EventFrame, type StepRow, stepKey } from './types';

export interface MetricPoint {
  at: number;
  value: number;
}

/** One curve per metric of one attempt, in the order the metrics first appeared. */
export type MetricSeries = ReadonlyMap<string, readonly MetricPoint[]>;

/** What a step reported while it ran, read from the history. */
export function seriesOf(events: readonly EventFrame[], key: string, attempt: number): MetricSeries {
  const series = new Map<string, MetricPoint[]>();
  for (const event of events) {
    if (event.event !== 'StepProgress' || !event.step || stepKey(event.step, event.iteration) !== key)
      continue;
    if (event.attempt && event.attempt !== attempt) continue;
    const { metric, value } = event.data;
    if (typeof metric !== 'string' || typeof value !== 'number') continue;
    const points = series.get(metric) ?? [];
    points.push({ at: Date.parse(event.at), value });
    series.set(metric, points);
  }
  return series;
}

/** The newest figure of every metric: final ones win over live ones. */
export function latestMetrics(row: Pick<StepRow, 'metrics' | 'progress'>): Record<string, number> {
  return { ...row.progress?.metrics, ...row.metrics };
}

/**
 * "0.9912", "1,234.5", "3.1e-7": short enough for a table cell, exact enough to compare. What was rounded shows every
 * digit that is left: 0.89998 is "0.9000" beside "0.8946", 0.9 is "0.9".
 */
export function formatMetric(value: number): string {
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-4 || size >= 1e12)) return value.toExponential(2);
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  const digits = size < 10 ? 4 : size < 1e6 ? 2 : 0;
  const rounded = Math.abs(Number(value.toFixed(digits)) - value) > size * 1e-12;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: rounded ? digits : 0,
    maximumFractionDigits: digits,
  });
}
