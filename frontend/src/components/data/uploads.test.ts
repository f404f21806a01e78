import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { UploadedDataset } from '@/api/datasets';
import { ApiError } from '@/api/problem-error';
import { besideName, LONGEST_NAME, nameOf, speedometer, type Upload, uploads } from './uploads';

const api = vi.hoisted(() => ({ datasetAsIs: vi.fn(), datasetNamed: vi.fn(), uploadDataset: vi.fn() }));
vi.mock('@/api/datasets', () => api);

const file = new File(['a,b\n1,2\n'], 'people.csv');
const made = { id: 'd', name: 'people', unchanged: false } as UploadedDataset;
/** The dataset that has this file already. */
const held = {
  id: 'd',
  name: 'people',
  latest: { number: 2, size: 8, sha256: '492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470' },
};
const only = (): Upload => {
  const [upload] = uploads.getState().list;
  if (!upload) throw new Error('no upload');
  return upload;
};

beforeEach(() => {
  for (const { id } of uploads.getState().list) uploads.getState().dismiss(id);
  api.datasetNamed.mockReset().mockResolvedValue(null);
  api.datasetAsIs.mockReset();
  api.uploadDataset.mockReset().mockResolvedValue(made);
});

describe('bringing files in', () => {
  it('makes a new dataset of the file’s name and tells of it', async () => {
    const done = vi.fn();
    uploads.getState().add([file], done);
    await vi.waitFor(() => expect(only().stage).toBe('done'));
    expect(api.uploadDataset.mock.calls[0]?.slice(0, 3)).toEqual([file, 'people', true]);
    expect(done).toHaveBeenCalledExactlyOnceWith(made);
  });

  it('asks before it adds a version to a dataset that is there', async () => {
    api.datasetNamed.mockResolvedValue({ name: 'people', latest: { number: 2 } });
    uploads.getState().add([file]);
    await vi.waitFor(() => expect(only().stage).toBe('asking'));
    expect(only().existing).toBe(2);
    expect(api.uploadDataset).not.toHaveBeenCalled();
    uploads.getState().decide(only().id, 'version');
    await vi.waitFor(() => expect(only().stage).toBe('done'));
    expect(api.uploadDataset.mock.calls[0]?.[2]).toBe(false);
  });

  it('takes the dataset that is there for a file it has, and sends nothing', async () => {
    api.datasetNamed.mockResolvedValue(held);
    api.datasetAsIs.mockResolvedValue({ ...made, unchanged: true });
    const done = vi.fn();
    uploads.getState().add([file], done);
    await vi.waitFor(() => expect(only().stage).toBe('asking'));
    expect(only().same).toBe('d');
    uploads.getState().decide(only().id, 'same');
    await vi.waitFor(() => expect(only().stage).toBe('done'));
    expect(api.datasetAsIs).toHaveBeenCalledExactlyOnceWith('d');
    expect(api.uploadDataset).not.toHaveBeenCalled();
    expect(done).toHaveBeenCalledExactlyOnceWith({ ...made, unchanged: true });
  });

  it('says why when the dataset that is there has gone meanwhile, and begins again', async () => {
    api.datasetNamed.mockResolvedValueOnce(held);
    api.datasetAsIs.mockRejectedValue(new Error('There is no dataset d.'));
    uploads.getState().add([file]);
    await vi.waitFor(() => expect(only().stage).toBe('asking'));
    uploads.getState().decide(only().id, 'same');
    await vi.waitFor(() => expect(only().failure).toBe('There is no dataset d.'));
    uploads.getState().retry(only().id);
    await vi.waitFor(() => expect(only().stage).toBe('done'));
    expect(api.uploadDataset.mock.calls[0]?.[2]).toBe(true);
  });

  it('keeps both of a file that is there under the next free name', async () => {
    api.datasetNamed.mockResolvedValueOnce(held);
    uploads.getState().add([file]);
    await vi.waitFor(() => expect(only().stage).toBe('asking'));
    uploads.getState().decide(only().id, 'beside');
    await vi.waitFor(() => expect(only().stage).toBe('done'));
    expect(api.uploadDataset.mock.calls[0]?.[1]).toBe('people 2');
    expect(only().same).toBeNull();
  });

  it('asks also when somebody else was first', async () => {
    api.uploadDataset.mockRejectedValueOnce(new ApiError(409, 'dataset-name-in-use', 'in use', null, {}));
    uploads.getState().add([file]);
    await vi.waitFor(() => expect(only().stage).toBe('asking'));
  });

  it('keeps both under the next free name', async () => {
    api.datasetNamed.mockImplementation(async (name: string) =>
      name === 'people 3' ? null : { name, latest: { number: 1 } },
    );
    uploads.getState().add([file]);
    for (let round = 0; round < 2; round += 1) {
      await vi.waitFor(() => expect(only().stage).toBe('asking'));
      uploads.getState().decide(only().id, 'beside');
      await vi.waitFor(() => expect(only().stage).not.toBe('sending'));
    }
    await vi.waitFor(() => expect(only().stage).toBe('done'));
    expect(api.uploadDataset.mock.calls[0]?.[1]).toBe('people 3');
  });

  it('shows how far it is and when the server reads', async () => {
    api.uploadDataset.mockImplementation((_file, _name, _new, { onProgress }) => {
      onProgress({ sent: 4, total: 8 });
      expect(only()).toMatchObject({ stage: 'sending', sent: 4 });
      onProgress({ sent: 8, total: 8 });
      expect(only().stage).toBe('reading');
      return Promise.resolve(made);
    });
    uploads.getState().add([file]);
    await vi.waitFor(() => expect(only().stage).toBe('done'));
  });

  it('says why it failed and tries again', async () => {
    api.uploadDataset.mockRejectedValueOnce(
      new ApiError(0, 'connection-lost', 'The connection broke.', null, {}),
    );
    uploads.getState().add([file]);
    await vi.waitFor(() => expect(only().stage).toBe('failed'));
    expect(only()).toMatchObject({ failure: 'The connection broke.', unfit: false });
    uploads.getState().retry(only().id);
    await vi.waitFor(() => expect(only().stage).toBe('done'));
  });

  it('takes another file in the place of one that is no table', async () => {
    const words = 'people.csv is a web page, not a table.';
    api.uploadDataset.mockRejectedValueOnce(new ApiError(422, 'table-unreadable', words, null, {}));
    const done = vi.fn();
    uploads.getState().add([file], done);
    await vi.waitFor(() => expect(only().stage).toBe('failed'));
    expect(only()).toMatchObject({ failure: words, unfit: true });
    const other = new File(['a\n1\n'], 'persons.csv');
    uploads.getState().replace(only().id, other);
    await vi.waitFor(() => expect(only().stage).toBe('done'));
    expect(only()).toMatchObject({ name: 'persons', unfit: false, failure: null });
    expect(api.uploadDataset.mock.calls[1]?.slice(0, 3)).toEqual([other, 'persons', true]);
    expect(done).toHaveBeenCalledExactlyOnceWith(made);
  });

  it('stops the sending of what is cancelled', async () => {
    let stopped = false;
    api.uploadDataset.mockImplementation(
      (_file, _name, _new, { signal }: { signal: AbortSignal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            stopped = true;
            reject(new DOMException('Cancelled', 'AbortError'));
          });
        }),
    );
    uploads.getState().add([file]);
    await vi.waitFor(() => expect(api.uploadDataset).toHaveBeenCalled());
    uploads.getState().dismiss(only().id);
    expect(stopped).toBe(true);
    expect(uploads.getState().list).toEqual([]);
  });
});

describe('names', () => {
  it.each([
    ['people.csv', 'people'],
    ['sales.2024.parquet', 'sales.2024'],
    ['README', 'README'],
    ['.csv', '.csv'],
  ])('%s becomes %s', (given, name) => expect(nameOf(given)).toBe(name));

  it('keeps names as short as they may be', () => {
    expect(nameOf(`${'long '.repeat(40)}.csv`)).toHaveLength(LONGEST_NAME);
    expect(besideName('x'.repeat(LONGEST_NAME))).toBe(`${'x'.repeat(LONGEST_NAME - 2)} 2`);
  });

  it('counts on', () => {
    expect(besideName('people')).toBe('people 2');
    expect(besideName('people 2')).toBe('people 3');
  });
});

it('measures the speed of the last moments', () => {
  const meter = speedometer();
  expect(meter(0, 0)).toBe(0);
  expect(meter(1000, 1000)).toBe(1000);
  expect(meter(9000, 3000)).toBe(4000);
});
