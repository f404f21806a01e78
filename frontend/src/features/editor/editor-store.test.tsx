import { describe, expect, it, vi } from 'vitest';
import { addStep, renameStep } from '@/pipeline/edit/steps';
import { setValue } from '@/pipeline/edit/values';
import { printText } from '@/pipeline/text';
import { processing } from '@/testing/definitions';
import { draftOf, openEditor } from '@/testing/editor';
import { movedOn } from './use-arrivals';

const open = (readOnly = false) => openEditor([processing('A')], null, { readOnly });

describe('an open draft', () => {
  it('is told of a version from the API, but not of the one it stands at', () => {
    const { store } = open();
    store.getState().arrived(8);
    expect(store.getState().arrivedVersion).toBe(8);
    store.getState().published(9);
    store.getState().arrived(9);
    expect(store.getState().arrivedVersion).toBeNull();
  });

  it('moves on with the server only where nothing was done here', async () => {
    const row = { id: 'p00000000000', revision: 2, latest_version: 1, arrived_version: null, deleted: false };
    const { store } = open();
    expect(movedOn(row, store)).toBe(true);
    expect(movedOn({ ...row, revision: 1 }, store)).toBe(false);
    expect(movedOn({ ...row, latest_version: null }, store)).toBe(false);
    store.getState().run((documents) => setValue(documents, 'A', '/Description', 'x'));
    expect(movedOn({ ...row, revision: 5 }, store)).toBe(false);
    await store.getState().flush();
  });

  it('tells a refusal and changes nothing', () => {
    const { store, refuse } = open();
    expect(store.getState().run((documents) => renameStep(documents, 'A', 'not a name'))).toBe(false);
    expect(refuse).toHaveBeenCalledWith('A step name has letters, digits, - and _ only.');
    expect(store.getState().history.past).toEqual([]);
    expect(store.getState().save.kind).toBe('saved');
  });

  it('changes nothing for a person who may only look', () => {
    const { store, refuse, send } = open(true);
    store.getState().run((documents) => addStep(documents, { template: { Type: 'Fail' } }).edit);
    expect(refuse).toHaveBeenCalled();
    expect(store.getState().history.past).toEqual([]);
    expect(send).not.toHaveBeenCalled();
  });

  it('keeps what is found apart from the draft through a save, and forgets it when it is gone', async () => {
    const { store } = open();
    const missing = {
      code: 'nothing-stored',
      message: 'Nothing is stored at s3://nowhere/x.csv yet.',
      pointer: '/Steps/0',
      severity: 'warning' as const,
      fix: null,
      step: 'A',
    };
    store.getState().tellAddresses([missing]);
    store.getState().tellColumns([]);
    store.getState().run((documents) => setValue(documents, 'A', '/Description', 'x'));
    await store.getState().flush();
    expect(store.getState().problems).toEqual([missing]);
    store.getState().tellAddresses([]);
    expect(store.getState().problems).toEqual([]);
  });

  it('makes no history of an edit that changes nothing', () => {
    const { store } = open();
    store.getState().run((documents) => renameStep(documents, 'A', 'A'));
    expect(store.getState().history.past).toEqual([]);
  });

  it('sends what was done and then takes it back in the server as well', async () => {
    const { store, send, step } = open();
    store.getState().run((documents) => setValue(documents, 'A', '/Description', 'x'));
    expect(store.getState().save.kind).toBe('saving');
    await store.getState().flush();
    store.getState().undo();
    await store.getState().flush();
    expect(send).toHaveBeenCalledTimes(1);
    expect(step).toHaveBeenCalledWith(2, 'undo');
    expect(store.getState().save.kind).toBe('saved');
  });

  it('takes a burst back that was sent in two parts', async () => {
    const { store, send, step } = open();
    const type = (value: string) =>
      store.getState().run((documents) => setValue(documents, 'A', '/Description', value), { merge: 'd' });
    type('x');
    await store.getState().flush();
    type('xy');
    await store.getState().flush();
    expect(send).toHaveBeenCalledTimes(2);
    expect(store.getState().history.past).toHaveLength(1);
    store.getState().undo();
    await store.getState().flush();
    expect(step).toHaveBeenCalledTimes(2);
    expect(printText(store.getState().documents.definition)).toBe(draftOf([processing('A')]).definition);
  });

  it('goes on taking back where another session began', async () => {
    const { store, step, read } = open();
    store.setState({ remote: { undo: 'Add A', redo: null } });
    store.getState().undo();
    await vi.waitFor(() => expect(read).toHaveBeenCalled());
    expect(step).toHaveBeenCalledWith(1, 'undo');
  });

  it('loses no press that comes while one is on its way', async () => {
    const { store, step, read } = open();
    read.mockResolvedValueOnce({ ...draftOf([processing('A')]), undo_label: 'Add A' });
    store.setState({ remote: { undo: 'Add B', redo: null } });
    store.getState().undo();
    store.getState().undo();
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    expect(step).toHaveBeenCalledTimes(2);
  });

  it('leads to the place of a problem', () => {
    const { store } = open();
    store.getState().focusOn({ pointer: '/Steps/0/Arguments', step: 'A' });
    expect(store.getState()).toMatchObject({
      selected: ['A'],
      focus: { pointer: '/Steps/0/Arguments' },
      reveal: { step: 'A' },
    });
  });
});
