import { describe, expect, it } from 'vitest';
import { aStep } from '@/testing/execution';
import { flowWords, untoldOutput } from './flows';

const outputs = {
  train: { files: 1, size: 49_152, kind: 'table', rows: 455, columns: 31 },
  parts: { files: 12, size: 2_097_152 },
};
const split = aStep('Split', { status: 'Succeeded', results: { outputs } });
const data = (label: string) => ({ kind: 'data' as const, label });

describe('what flows through a wire', () => {
  it('is a table with its rows, columns and size', () => {
    expect(flowWords(data('train'), split)).toBe('455 rows × 31 columns · 48.0 KiB');
  });

  it('is files and bytes where nothing else is known', () => {
    expect(flowWords(data('parts'), split)).toBe('12 files · 2.0 MiB');
  });

  it('is the only output when the label names none', () => {
    const one = aStep('Train', {
      status: 'Succeeded',
      results: { outputs: { model: { files: 1, size: 1024 } } },
    });
    expect(flowWords(data('S3Uri'), one)).toBe('1.0 KiB');
    expect(flowWords(data('S3Uri'), split)).toBeNull();
  });

  it('is what was found in a table the step told nothing of', () => {
    const plain = aStep('Read', {
      status: 'Succeeded',
      results: { outputs: { out: { files: 1, size: 1024 } } },
    });
    expect(untoldOutput(data('out'), plain)).toBe('out');
    expect(untoldOutput(data('train'), split)).toBeNull();
    expect(untoldOutput(data('parts'), split)).toBeNull();
    expect(untoldOutput(data('out'), { ...plain, status: 'Executing' })).toBeNull();
    expect(flowWords(data('out'), plain, { rows: 3, exact: true, columns: 2 })).toBe(
      '3 rows × 2 columns · 1.0 KiB',
    );
    expect(flowWords(data('out'), plain, { rows: 3000, exact: false, columns: 2 })).toBe(
      'about 3,000 rows × 2 columns · 1.0 KiB',
    );
    expect(flowWords(data('out'), plain, { rows: null, exact: true, columns: null })).toBe('1.0 KiB');
  });

  it('is nothing before the step has succeeded, nor along a plain order', () => {
    expect(flowWords(data('train'), { ...split, status: 'Executing' })).toBeNull();
    expect(flowWords({ kind: 'order', label: '' }, split)).toBeNull();
  });

  it('is the decision along a branch', () => {
    const gate = aStep('Gate', {
      status: 'Succeeded',
      outcome: false,
      condition: ['auc 0.8 >= 0.9 → false'],
    });
    expect(flowWords({ kind: 'branch', label: 'else' }, gate)).toBe('auc 0.8 ≥ 0.9 → else');
  });
});
