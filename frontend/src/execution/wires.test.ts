import { describe, expect, it } from 'vitest';
import { aStep } from '@/testing/execution';
import { wireStatus } from './wires';

describe('a wire', () => {
  const done = aStep('Split', { status: 'Succeeded' });

  it('is idle before its source has delivered', () => {
    expect(wireStatus(aStep('Split', { status: 'Executing' }), aStep('Train'), null)).toBe('idle');
  });

  it('has passed once its source succeeded', () => {
    expect(wireStatus(done, aStep('Train'), null)).toBe('passed');
  });

  it('feeds a step that runs', () => {
    expect(wireStatus(done, aStep('Train', { status: 'Executing' }), null)).toBe('feeding');
  });

  it('is not taken on the other side of a condition', () => {
    const gate = aStep('Gate', { status: 'Succeeded', outcome: true });
    expect(wireStatus(gate, aStep('Register'), 'if')).toBe('passed');
    expect(wireStatus(gate, aStep('TooWeak'), 'else')).toBe('not-taken');
  });

  it('is not taken into a skipped step', () => {
    expect(wireStatus(done, aStep('Report', { status: 'Skipped' }), null)).toBe('not-taken');
  });
});
