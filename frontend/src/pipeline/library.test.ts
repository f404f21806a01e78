import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from './json';
import {
  applies,
  COMMAND,
  choiceTitle,
  librarySummary,
  OPTIONS,
  option,
  optionPointer,
  optionValues,
  readOption,
  referenceOf,
  stepKind,
  withOption,
  writeOption,
} from './library';

function step(words?: Json[], command: Json = ['python3', '-m', 'clary_steps', 'split@1']): JsonObject {
  const app: JsonObject = { ContainerEntrypoint: command, ...(words ? { ContainerArguments: words } : {}) };
  return { Name: 'Split', Type: 'Processing', Arguments: { AppSpecification: app } };
}

const FORM: JsonObject = {
  properties: {
    share: { type: 'number', default: 0.2 },
    method: {
      type: 'string',
      enum: ['random', 'ordered'],
      'x-titles': ['At random (fast)', 'In order'],
      default: 'random',
    },
    sort: { type: 'string', 'x-when': { method: ['ordered'] } },
    columns: { type: 'array' },
  },
};

describe('a ready-made step', () => {
  it('is recognised by its command alone', () => {
    expect(referenceOf(step())).toBe('split@1');
    expect(stepKind(step())).toBe('library:split@1');
    expect(referenceOf(step([], ['python3', '/opt/ml/processing/input/code/a.py']))).toBeNull();
    expect(referenceOf(step([], ['bash', '-m', 'clary_steps', 'split@1']))).toBeNull();
    expect(stepKind({ Type: 'Training' })).toBe('Training');
    expect(COMMAND).toContain('ContainerEntrypoint');
  });

  it('keeps options as pairs of words', () => {
    expect(withOption(step(), 'share', '0.3')).toEqual(['--share', '0.3']);
    const two = step(['--share', '0.3', '--method', 'ordered']);
    expect(withOption(two, 'method', 'random')).toEqual(['--share', '0.3', '--method', 'random']);
    expect(withOption(two, 'share', undefined)).toEqual(['--method', 'ordered']);
    expect(option(two, 'method')).toEqual({ name: 'method', place: 2, raw: 'ordered' });
    expect(optionPointer(option(two, 'method'))).toBe(`${OPTIONS}/3`);
    expect(optionPointer(option(two, 'sort'))).toBe(`${OPTIONS}/--sort`);
  });

  it('does not take a value for a name', () => {
    expect(option(step(['--sort', '--share', '--method', 'ordered']), 'share').place).toBeNull();
  });

  it('reads and writes values by the form', () => {
    expect(readOption({ type: 'boolean' }, 'true')).toBe(true);
    expect(readOption({ type: 'integer' }, '20')).toBe(20);
    expect(readOption({ type: 'number' }, 'much')).toBe('much');
    expect(readOption({ type: 'array' }, '["a"]')).toEqual(['a']);
    expect(readOption({ type: 'array' }, '["a"')).toBe('["a"');
    expect(readOption({ type: 'number' }, { Get: 'Parameters.Share' })).toEqual({ Get: 'Parameters.Share' });
    expect([writeOption(['a', 1]), writeOption(true), writeOption('x')]).toEqual(['["a",1]', 'true', 'x']);
  });

  it('shows a field only where it means something', () => {
    const sort = { 'x-when': { method: ['ordered'] } };
    expect(applies(sort, optionValues(step(), FORM))).toBe(false);
    expect(applies(sort, optionValues(step(['--method', 'ordered']), FORM))).toBe(true);
    expect(applies(sort, optionValues(step(['--method', { Get: 'Parameters.How' }]), FORM))).toBe(true);
  });

  it('says on the canvas what it does', () => {
    const info = { form: FORM, summary: ['share', 'method', 'columns', 'sort'] };
    expect(librarySummary(step(), info)).toBe('0.2 · At random');
    expect(librarySummary(step(['--share', '0.3', '--sort', 'age']), info)).toBe('0.3 · At random · age');
    expect(librarySummary(step(['--sort', 'Price (€)']), info)).toBe('0.2 · At random · Price (€)');
    expect(choiceTitle({ enum: ['a'], 'x-titles': ['First'] }, 'a')).toBe('First');
    expect(choiceTitle({}, 'b')).toBe('b');
  });
});
