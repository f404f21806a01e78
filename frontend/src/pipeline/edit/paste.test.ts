import { describe, expect, it } from 'vitest';
import { condition, draft, outputOf, processing, training } from '@/testing/definitions';
import type { JsonObject } from '../json';
import { applyPatch } from '../patch';
import { valueAt } from '../pointer';
import type { DraftDocuments } from './edit';
import { fragmentOf, type PasteOptions, pasteSteps } from './paste';

const HERE = draft(
  [
    processing('Split', ['train']),
    training('Train', outputOf('Split', 'train')),
    condition('Gate', [processing('Inside')]),
  ],
  {
    Split: { x: 0, y: 0 },
    Train: { x: 280, y: 40 },
  },
);
const AT: PasteOptions = { at: { x: 100, y: 100 }, keepIncoming: false };

function paste(into: DraftDocuments, names: string[], options = AT) {
  const fragment = fragmentOf(HERE.definition, names, { Split: { x: 0, y: 0 }, Train: { x: 280, y: 40 } });
  const { edit, names: made } = pasteSteps(into, fragment, options);
  return {
    made,
    label: edit.label,
    definition: applyPatch(into.definition, edit.definition).document,
    layout: applyPatch(into.layout, edit.layout).document,
  };
}

const SOURCE = '/Arguments/InputDataConfig/0/DataSource/S3DataSource/S3Uri';

describe('pasting steps', () => {
  it('renames on clash and keeps the wires between the copies', () => {
    const pasted = paste(HERE, ['Split', 'Train']);
    expect(pasted.made).toEqual(['Split-2', 'Train-2']);
    expect(valueAt(pasted.definition, `/Steps/4${SOURCE}`)).toEqual(outputOf('Split-2', 'train'));
  });

  it('keeps names where they are free', () => {
    expect(paste(draft([]), ['Split', 'Train']).made).toEqual(['Split', 'Train']);
  });

  it('drops wires from outside, or keeps them when asked', () => {
    expect(valueAt(paste(HERE, ['Train']).definition, `/Steps/3${SOURCE}`)).toBe('');
    expect(
      valueAt(paste(HERE, ['Train'], { ...AT, keepIncoming: true }).definition, `/Steps/3${SOURCE}`),
    ).toEqual(outputOf('Split', 'train'));
    expect(
      valueAt(paste(draft([]), ['Train'], { ...AT, keepIncoming: true }).definition, `/Steps/0${SOURCE}`),
    ).toBe('');
  });

  it('takes a condition with what is in its branches, once', () => {
    const pasted = paste(HERE, ['Gate', 'Inside']);
    expect(pasted.made).toEqual(['Gate-2', 'Inside-2']);
    expect(valueAt(pasted.definition, '/Steps/3/Arguments/IfSteps/0/Name')).toBe('Inside-2');
  });

  it('keeps the arrangement and moves it to where it was asked', () => {
    const pasted = paste(HERE, ['Split', 'Train']);
    expect(valueAt(pasted.layout, '/nodes/Split-2')).toEqual({ x: 100, y: 100 });
    expect(valueAt(pasted.layout, '/nodes/Train-2')).toEqual({ x: 380, y: 140 });
  });

  it('gives a copy an output place of its own', () => {
    const step: JsonObject = {
      Name: 'A',
      Type: 'Training',
      Arguments: { Out: { 'Std:Join': { On: '/', Values: ['s3:/', 'b', 'A'] } } },
    };
    const here = draft([step]);
    const { edit } = pasteSteps(here, fragmentOf(here.definition, ['A'], {}), AT);
    expect(
      valueAt(
        applyPatch(here.definition, edit.definition).document,
        '/Steps/1/Arguments/Out/Std:Join/Values/2',
      ),
    ).toBe('A-2');
  });

  it('copies dependencies between copies only', () => {
    const here = draft([
      processing('A'),
      processing('B', [], { DependsOn: ['A', { Step: 'X', Trigger: 'Any' }] }),
    ]);
    const { edit } = pasteSteps(here, fragmentOf(here.definition, ['A', 'B'], {}), AT);
    expect(valueAt(applyPatch(here.definition, edit.definition).document, '/Steps/3/DependsOn')).toEqual([
      'A-2',
    ]);
  });
});
