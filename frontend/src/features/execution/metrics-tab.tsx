import { useMemo } from 'react';
import { latestMetrics, seriesOf } from '@/execution/metrics';
import { isTerminalStep, type StepRow, stepKey } from '@/execution/types';
import { Nothing, Section } from './facts';
import { LineChart } from './line-chart';
import { useHistory } from './live';

/** Figures the step reported, live while it runs, one chart each. */
export function MetricsTab({ row }: { row: StepRow }) {
  const history = useHistory();
  const series = useMemo(
    () => seriesOf(history, stepKey(row.name, row.iteration), row.attempt),
    [history, row.name, row.iteration, row.attempt],
  );
  const latest = latestMetrics(row);
  const names = [...new Set([...series.keys(), ...Object.keys(latest)])];
  if (names.length === 0) {
    return (
      <Section title="No metrics">
        <Nothing>
          {isTerminalStep(row.status)
            ? 'This step reported no metrics.'
            : 'Metrics appear here as the step reports them.'}{' '}
          A training step reports what its metric definitions find in its log.
        </Nothing>
      </Section>
    );
  }
  return (
    <Section title="Metrics" aside={row.attempts > 1 ? `attempt ${row.attempt}` : undefined}>
      {names.map((name) => (
        <LineChart key={name} name={name} points={series.get(name) ?? []} latest={latest[name]} />
      ))}
    </Section>
  );
}
