import { Info, TriangleAlert } from 'lucide-react';
import type { ResultOutput, StepPlace } from '@/api/step-results';
import { Chart } from '@/components/charts/chart';
import { chartRows } from '@/components/charts/safe-spec';
import { metricWords } from '@/execution/metric-words';
import { formatMetric } from '@/execution/metrics';
import { type ChartFigure, tableWords } from '@/execution/summary';
import { formatBytes } from '@/lib/format';
import { Facts, Section } from '../facts';
import { FileList } from './file-list';
import styles from './results.module.css';
import { SummaryTable } from './summary-table';

/** One output: what it is in a line, its figures and charts, its rows, and its files. */
export function OutputResults({ place, output }: { place: StepPlace; output: ResultOutput }) {
  const { summary } = output;
  const table = summary ? tableWords({ rows: summary.rows, columns: summary.columns.length || null }) : null;
  const words = [table, formatBytes(output.size)].filter(Boolean).join(' · ');
  const tables = summary?.kind === 'table' ? output.files.filter((file) => file.viewer === 'table') : [];
  const metrics = Object.entries(summary?.metrics ?? {});
  return (
    <Section title={output.name} aside={words}>
      {output.problem ? <Warning text={output.problem} /> : null}
      {summary?.warnings.map((text) => (
        <p key={text} className={styles.note}>
          <Info size={14} aria-hidden="true" />
          {text}
        </p>
      ))}
      {metrics.length > 0 ? (
        <div className={`${styles.block} ${styles.metrics}`}>
          <Facts
            rows={metrics.map(
              ([name, value]) => [metricWords(name), <Figure key={name} value={value} />] as const,
            )}
          />
        </div>
      ) : null}
      {(summary?.charts ?? [])
        .filter((chart) => !saysMetrics(chart, metrics))
        .map((chart, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: charts may share a title; their order never changes
          <Chart key={`${chart.title} ${index}`} chart={chart} />
        ))}
      {summary ? (
        <SummaryTable
          name={output.name}
          summary={summary}
          columnCount={summary.columns.length}
          place={place}
          file={tables.length === 1 ? tables[0] : undefined}
        />
      ) : null}
      <FileList place={place} files={output.files} summarised={summary !== null} />
    </Section>
  );
}

/** A table of nothing but the metrics that are listed already. */
function saysMetrics(chart: ChartFigure, metrics: readonly (readonly [string, number])[]): boolean {
  if (chart.kind !== 'metric-table') return false;
  const table = chartRows(chart.spec);
  const column = table?.columns.indexOf('metric') ?? -1;
  const listed = new Set(metrics.map(([name]) => name));
  return table !== null && column >= 0 && table.rows.every((row) => listed.has(String(row[column])));
}

function Figure({ value }: { value: number }) {
  return <b title={String(value)}>{formatMetric(value)}</b>;
}

export function Warning({ text }: { text: string }) {
  return (
    <p className={styles.warning}>
      <TriangleAlert size={14} aria-hidden="true" />
      {text}
    </p>
  );
}
