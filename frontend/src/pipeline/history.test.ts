import { describe, expect, it } from 'vitest';
import { CATALOG } from '@/testing/catalog';
import { condition, draft, outputOf, processing, training } from '@/testing/definitions';
import type { DraftDocuments, Edit } from './edit/edit';
import { addParameter, changeParameter, removeParameter, renameParameter } from './edit/parameters';
import { fragmentOf, pasteSteps } from './edit/paste';
import { addStep, connectBranch, disconnectBranch, moveSteps, removeSteps, renameStep } from './edit/steps';
import { addItem, renameKey, setCondition, setValue, unsetValue } from './edit/values';
import { connect, depend, disconnectEdge } from './edit/wires';
import { deriveGraph } from './graph';
import { BURST_MS, EMPTY_HISTORY, type History, perform, redo, undo } from './history';
import { printText } from './text';

const START = draft(
  [
    processing('Split', ['train', 'test'], { Parameters: { Get: 'Parameters.Seed' } }),
    training('Train', outputOf('Split', 'train')),
    condition('Gate', [processing('Inside')]),
    processing('Last', [], { DependsOn: ['Train'] }),
  ],
  { Split: { x: 0, y: 0 }, Train: { x: 280, y: 0 }, Last: { x: 560, y: 0 } },
);
(START.definition as { Parameters: unknown[] }).Parameters.push({
  Name: 'Seed',
  Type: 'Integer',
  DefaultValue: 7,
});

const PORTS = Object.fromEntries(CATALOG.types.map((type) => [type.type, type.ports]));
const wire = (documents: DraftDocuments, kind: string) => {
  const edge = deriveGraph(documents.definition).edges.find((candidate) => candidate.kind === kind);
  if (!edge) throw new Error(kind);
  return edge;
};

/** Every mutating command of the editor. A new one belongs here. */
const COMMANDS: Record<string, (documents: DraftDocuments) => Edit> = {
  add: (documents) => addStep(documents, { template: { Type: 'Fail' }, position: { x: 1, y: 2 } }).edit,
  remove: (documents) => removeSteps(documents, ['Split'], PORTS),
  'remove several, one with a branch': (documents) => removeSteps(documents, ['Gate', 'Train'], PORTS),
  rename: (documents) => renameStep(documents, 'Split', 'Cut'),
  move: (documents) => moveSteps(documents, { Split: { x: 40, y: 40 }, Gate: { x: 1, y: 1 } }),
  connect: (documents) =>
    connect(documents, {
      source: 'Split',
      path: "ProcessingOutputConfig.Outputs['test'].S3Output.S3Uri",
      target: 'Last',
      port: 'input',
      ports: PORTS.Processing ?? [],
    }),
  depend: (documents) => depend(documents, 'Split', 'Last', 'Failed'),
  'disconnect data': (documents) => disconnectEdge(documents, wire(documents, 'data'), PORTS.Training ?? []),
  'disconnect order': (documents) => disconnectEdge(documents, wire(documents, 'order'), []),
  'disconnect branch': (documents) => disconnectEdge(documents, wire(documents, 'branch'), []),
  'into a branch': (documents) => connectBranch(documents, 'Gate', 'else', 'Last'),
  'out of a branch': (documents) => disconnectBranch(documents, 'Inside'),
  'set a value': (documents) => setValue(documents, 'Train', '/Arguments/HyperParameters/eta', '0.1'),
  'unset a value': (documents) => unsetValue(documents, 'Train', '/Arguments/ResourceConfig/InstanceType'),
  'set a condition': (documents) => setCondition(documents, 'Gate', []),
  'add an item': (documents) => addItem(documents, 'Last', '/PropertyFiles', { PropertyFileName: 'R' }),
  'rename a key': (documents) => renameKey(documents, 'Train', '/Arguments', 'ResourceConfig', 'Machine'),
  'add a parameter': (documents) => addParameter(documents, { Name: 'Seed', Type: 'String' }).edit,
  'rename a parameter': (documents) => renameParameter(documents, 'Seed', 'Start'),
  'change a parameter': (documents) =>
    changeParameter(documents, 'Seed', { DefaultValue: undefined, Type: 'Float' }),
  'remove a parameter': (documents) => removeParameter(documents, 'Seed'),
  paste: (documents) =>
    pasteSteps(documents, fragmentOf(documents.definition, ['Split', 'Train'], { Split: { x: 0, y: 0 } }), {
      at: { x: 9, y: 9 },
      keepIncoming: false,
    }).edit,
  fix: () => ({
    name: 'fix',
    label: 'Remove',
    definition: [{ op: 'remove', path: '/Parameters/0' }],
    layout: [],
  }),
  'edit the text': () => ({
    name: 'edit_text',
    label: 'Edit as JSON',
    definition: [{ op: 'replace', path: '', value: { Steps: [] } }],
    layout: [],
  }),
};

const text = (documents: DraftDocuments) =>
  `${printText(documents.definition)}\n${printText(documents.layout)}`;

describe('undo and redo', () => {
  it.each(Object.keys(COMMANDS))('take back and do again: %s', (name) => {
    const edit = COMMANDS[name]?.(START);
    if (!edit) throw new Error(name);
    const done = perform(START, EMPTY_HISTORY, edit, { now: 0 });
    expect(text(done.documents)).not.toBe(text(START));
    const undone = undo(done.documents, done.history);
    expect(undone && text(undone.documents)).toBe(text(START));
    const redone = undone && redo(undone.documents, undone.history);
    expect(redone && text(redone.documents)).toBe(text(done.documents));
  });

  it('take everything back to the beginning, one step after another', () => {
    let documents: DraftDocuments = START;
    let history: History = EMPTY_HISTORY;
    for (const name of ['add', 'rename', 'depend', 'into a branch', 'move', 'set a value']) {
      const edit = name === 'depend' ? depend(documents, 'Cut', 'Gate') : COMMANDS[name]?.(documents);
      if (!edit) throw new Error(name);
      ({ documents, history } = perform(documents, history, edit, { now: 0 }));
    }
    expect(history.past).toHaveLength(6);
    for (let step = undo(documents, history); step; step = undo(documents, history))
      ({ documents, history } = step);
    expect(text(documents)).toBe(text(START));
    expect(history.future).toHaveLength(6);
  });

  it('have nothing to do in an empty history', () => {
    expect(undo(START, EMPTY_HISTORY)).toBeNull();
    expect(redo(START, EMPTY_HISTORY)).toBeNull();
  });
});

describe('a burst of typing', () => {
  const type = (value: string) => (documents: DraftDocuments) =>
    setValue(documents, 'Train', '/Description', value);

  function typed(gap: number) {
    let documents: DraftDocuments = START;
    let history: History = EMPTY_HISTORY;
    for (const [index, value] of ['a', 'ab', 'abc'].entries()) {
      ({ documents, history } = perform(documents, history, type(value)(documents), {
        merge: 'field',
        now: index * gap,
      }));
    }
    return { documents, history };
  }

  it('is one step', () => {
    const { documents, history } = typed(100);
    expect(history.past).toHaveLength(1);
    const undone = undo(documents, history);
    expect(undone && text(undone.documents)).toBe(text(START));
  });

  it('ends after a pause', () => {
    expect(typed(BURST_MS + 1).history.past).toHaveLength(3);
  });

  it('does not reach into an undone past', () => {
    const { documents, history } = typed(100);
    const undone = undo(documents, history);
    if (!undone) throw new Error('nothing undone');
    const again = perform(undone.documents, undone.history, type('x')(undone.documents), {
      merge: 'field',
      now: 250,
    });
    expect(again.merged).toBe(false);
    expect(again.history.future).toEqual([]);
  });
});
