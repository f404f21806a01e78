import { createStore } from 'zustand';
import { datasetAsIs, datasetNamed, type UploadedDataset, uploadDataset } from '@/api/datasets';
import { ApiError } from '@/api/problem-error';
import { hasBytes } from './same-bytes';

export type UploadStage = 'asking' | 'sending' | 'reading' | 'done' | 'failed';

export interface Upload {
  id: number;
  file: File;
  name: string;
  stage: UploadStage;
  sent: number;
  /** Bytes a second, lately. */
  speed: number;
  failure: string | null;
  /** Refused for what it is: sent again, it would be refused again. */
  unfit: boolean;
  dataset: UploadedDataset | null;
  /** The version a dataset of this name already has, where it is known; the person is asked what to do. */
  existing: number | null;
  /** The dataset of this name whose newest version has the very bytes of the file; null when that is not known. */
  same: string | null;
}

interface Uploads {
  list: readonly Upload[];
  /** Brings files in, one dataset each. `onDone` is told of each one that arrived. */
  add(files: readonly File[], onDone?: (dataset: UploadedDataset) => void): void;
  /** The answer to "there is a dataset of this name": its next version, a dataset beside it, or the one as it is. */
  decide(id: number, as: 'version' | 'beside' | 'same'): void;
  /** Stops it, or takes it off the list. */
  dismiss(id: number): void;
  retry(id: number): void;
  /** Sends another file in its place. */
  replace(id: number, file: File): void;
}

/** Characters the name of a dataset may have. */
export const LONGEST_NAME = 128;
/** Speed is what came within this time. */
const WINDOW = 2000;
/** What arrived leaves the tray by itself, after so many milliseconds. */
const SHOWN = 15_000;
/** What the server says of files no second try will change. */
const UNFIT: readonly string[] = [
  'table-unreadable',
  'dataset-name-invalid',
  'uri-invalid',
  'body-too-large',
];
let counter = 0;
const running = new Map<number, AbortController>();
const listeners = new Map<number, (dataset: UploadedDataset) => void>();

/** Uploads go on while the person moves between pages. */
export const uploads = createStore<Uploads>()((set, get) => {
  const change = (id: number, part: Partial<Upload>) =>
    set(({ list }) => ({ list: list.map((one) => (one.id === id ? { ...one, ...part } : one)) }));
  const one = (id: number) => get().list.find((candidate) => candidate.id === id);

  const arrived = (id: number, dataset: UploadedDataset) => {
    change(id, { stage: 'done', dataset, sent: one(id)?.file.size ?? 0 });
    setTimeout(() => get().dismiss(id), SHOWN);
    listeners.get(id)?.(dataset);
    listeners.delete(id);
  };

  const send = async (id: number, isNew: boolean) => {
    const upload = one(id);
    if (!upload) return;
    const control = new AbortController();
    running.set(id, control);
    change(id, { stage: 'sending', sent: 0, speed: 0, failure: null, unfit: false, same: null });
    const meter = speedometer();
    try {
      const dataset = await uploadDataset(upload.file, upload.name, isNew, {
        signal: control.signal,
        onProgress: ({ sent, total }) =>
          change(id, { sent, speed: meter(sent, Date.now()), stage: sent >= total ? 'reading' : 'sending' }),
      });
      arrived(id, dataset);
    } catch (error) {
      if (control.signal.aborted) return;
      if (error instanceof ApiError && error.code === 'dataset-name-in-use') change(id, { stage: 'asking' });
      else change(id, failed(error));
    } finally {
      running.delete(id);
    }
  };

  const begin = async (id: number) => {
    const upload = one(id);
    if (!upload) return;
    try {
      const known = await datasetNamed(upload.name);
      if (!known) return await send(id, true);
      const same = (await hasBytes(upload.file, known.latest)) ? known.id : null;
      change(id, { stage: 'asking', existing: known.latest.number, same });
    } catch (error) {
      change(id, failed(error));
    }
  };

  const take = async (id: number, dataset: string) => {
    change(id, { stage: 'reading' });
    try {
      arrived(id, await datasetAsIs(dataset));
    } catch (error) {
      change(id, failed(error));
    }
  };

  return {
    list: [],
    add: (files, onDone) => {
      for (const file of files) {
        counter += 1;
        const fresh: Upload = {
          id: counter,
          file,
          name: nameOf(file.name),
          stage: 'sending',
          sent: 0,
          speed: 0,
          failure: null,
          unfit: false,
          dataset: null,
          existing: null,
          same: null,
        };
        if (onDone) listeners.set(fresh.id, onDone);
        set(({ list }) => ({ list: [...list, fresh] }));
        void begin(fresh.id);
      }
    },
    decide: (id, as) => {
      const upload = one(id);
      if (upload?.stage !== 'asking') return;
      if (as === 'same' && upload.same !== null) void take(id, upload.same);
      else if (as !== 'beside') void send(id, false);
      else {
        change(id, { name: besideName(upload.name), existing: null, same: null });
        void begin(id);
      }
    },
    dismiss: (id) => {
      running.get(id)?.abort();
      listeners.delete(id);
      set(({ list }) => ({ list: list.filter((candidate) => candidate.id !== id) }));
    },
    retry: (id) => void begin(id),
    replace: (id, file) => {
      change(id, { file, name: nameOf(file.name), stage: 'sending', sent: 0, existing: null, same: null });
      void begin(id);
    },
  };
});

/** "people" for "people.csv", no longer than a name may be. */
export function nameOf(fileName: string): string {
  const whole = fileName.normalize('NFC');
  return shortened(whole.replace(/\.[A-Za-z0-9]{1,8}$/, '').trim() || whole, LONGEST_NAME);
}

function shortened(name: string, most: number): string {
  return [...name].slice(0, most).join('').trim();
}

/** "people 2" for "people", "people 3" for "people 2". */
export function besideName(name: string): string {
  const numbered = /^(.*) (\d+)$/.exec(name);
  const number = numbered ? Number(numbered[2]) + 1 : 2;
  const end = ` ${number}`;
  return shortened(numbered?.[1] ?? name, LONGEST_NAME - end.length) + end;
}

/** Bytes a second over the last moments. */
export function speedometer(): (sent: number, now: number) => number {
  const seen: { sent: number; at: number }[] = [];
  return (sent, now) => {
    seen.push({ sent, at: now });
    while (seen.length > 2 && now - (seen[0]?.at ?? now) > WINDOW) seen.shift();
    const first = seen[0];
    return first && now > first.at ? ((sent - first.sent) / (now - first.at)) * 1000 : 0;
  };
}

function failed(error: unknown): Partial<Upload> {
  const failure = error instanceof Error ? error.message : String(error);
  return { stage: 'failed', failure, unfit: error instanceof ApiError && UNFIT.includes(error.code) };
}
