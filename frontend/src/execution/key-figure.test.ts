import { describe, expect, it } from 'vitest';
import { aStep } from '@/testing/execution';
import { comparisonWords, decisionWords, keyFigure, keyFigureWords, shortFigureWords } from './key-figure';

describe('the one figure of a step', () => {
  it('is what its results name', () => {
    const results = { key: { label: 'AUC', value: 0.96538 } };
    const figure = keyFigure(aStep('Evaluate', { status: 'Succeeded', results, metrics: { f1: 0.9 } }));
    expect(figure && keyFigureWords(figure)).toBe('AUC 0.9654');
  });

  it('reads as a count where it is one', () => {
    expect(keyFigureWords({ label: 'rows', value: 1344 })).toBe('1,344 rows');
    expect(keyFigureWords({ label: 'rows', value: '364 / 91' })).toBe('364 / 91 rows');
  });

  it('stands first where its name is long', () => {
    const figure = { label: 'Accuracy on training rows', value: 1 };
    expect(keyFigureWords(figure)).toBe('1 accuracy on training rows');
  });

  it('names the winner of a comparison and what it was compared by', () => {
    const figure = { label: 'logistic · ROC AUC', value: 0.775 };
    expect(keyFigureWords(figure)).toBe('logistic · ROC AUC 0.775');
    expect(shortFigureWords(figure)).toBe('logistic 0.775');
  });

  it.each([
    ['Accuracy on training rows', 1, '1.00 train acc.'],
    ['R² on training rows', 0.81, '0.81 train R²'],
    ['Cross-validated accuracy', 0.9321, '0.9321 CV acc.'],
    ['ROC AUC', 0.96538, 'ROC AUC 0.9654'],
    ['rows', '364 / 91', '364 / 91 rows'],
    ['a metric of somebody', 0.5, '0.5 a metric of somebody'],
  ])('has a short form for the node: %s', (label, value, short) => {
    expect(shortFigureWords({ label, value })).toBe(short);
  });

  it('else the last metric, and nothing before the step has succeeded', () => {
    const metrics = { loss: 0.2, 'fold:auc': 0.99 };
    expect(keyFigure(aStep('Train', { status: 'Succeeded', metrics }))?.label).toBe('fold:auc');
    expect(keyFigure(aStep('Train', { status: 'Executing', metrics }))).toBeNull();
    expect(keyFigure(aStep('Split', { status: 'Succeeded' }))).toBeNull();
  });
});

describe('a condition in words', () => {
  it('shows both sides and where it led', () => {
    const row = aStep('Gate', { outcome: true, condition: ['auc 0.965 >= 0.9 → true'] });
    expect(decisionWords(row)).toBe('auc 0.965 ≥ 0.9 → if');
    const refused = aStep('Gate', { outcome: false, condition: ['a 1 >= 0 → true', 'b 2 == 3 → false'] });
    expect(decisionWords(refused)).toBe('b 2 = 3 → else');
  });

  it('rounds long figures and leaves names and texts alone', () => {
    expect(comparisonWords('auc 0.9653812345 >= 0.9 → true')).toBe('auc 0.9654 ≥ 0.9');
    expect(comparisonWords('v1.234567 "0.9653812345" == "x" → false')).toBe('v1.234567 "0.9653812345" = "x"');
  });

  it('is nothing while undecided', () => {
    expect(decisionWords(aStep('Gate'))).toBeNull();
  });
});
