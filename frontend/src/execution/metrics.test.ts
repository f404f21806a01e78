import { describe, expect, it } from 'vitest';
import { aStep, eventAt } from '@/testing/execution';
import { formatMetric, latestMetrics, seriesOf } from './metrics';

const progress = (sequence: number, metric: string, value: number, attempt = 1) =>
  eventAt(sequence, 'StepProgress', 'Train', { attempt, data: { metric, value } });

describe('metrics', () => {
  it('become one curve each, for the attempt asked about', () => {
    const events = [
      progress(1, 'auc', 0.8),
      progress(2, 'loss', 1.5),
      progress(3, 'auc', 0.9),
      progress(4, 'auc', 0.1, 2),
      eventAt(5, 'StepProgress', 'Other', { data: { metric: 'auc', value: 0 } }),
      eventAt(6, 'StepProgress', 'Train', { attempt: 1, data: { fraction: 0.5 } }),
    ];
    const series = seriesOf(events, 'Train', 1);
    expect([...series.keys()]).toEqual(['auc', 'loss']);
    expect(series.get('auc')?.map((point) => point.value)).toEqual([0.8, 0.9]);
  });

  it('show the final figure over the live one', () => {
    const row = aStep('Train', { progress: { metrics: { auc: 0.8, loss: 2 } }, metrics: { auc: 0.97 } });
    expect(latestMetrics(row)).toEqual({ auc: 0.97, loss: 2 });
  });

  it.each([
    [0.99123, '0.9912'],
    [0.89998, '0.9000'],
    [0.9, '0.9'],
    [0.1 + 0.2, '0.3'],
    [1234.567, '1,234.57'],
    [233.999, '234.00'],
    [1234.5, '1,234.5'],
    [1742407942.7, '1,742,407,943'],
    [2.5e13, '2.50e+13'],
    [3.1e-7, '3.10e-7'],
    [0, '0'],
    [200, '200'],
  ])('%f reads %s', (value, text) => {
    expect(formatMetric(value)).toBe(text);
  });
});
