import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { type Dataset, type DatasetVersion, datasetQuery } from '@/api/datasets';
import type { Point } from '@/components/canvas/canvas';
import { uploads } from '@/components/data/uploads';
import { loadEntry } from '@/pipeline/dataset-step';
import { ROW } from '@/pipeline/layout';
import { paletteEntries } from '@/pipeline/palette';
import type { EditorCommands } from './commands';
import { useScene } from './editor-context';

/**
 * Datasets become Load table steps: the files of a drop, one below the other, and the dataset the address names
 * (`?dataset=<id>:<version>`), once.
 */
export function useDatasetSteps(commands: EditorCommands): (files: File[], at: Point) => void {
  const { catalog, readOnly } = useScene();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { dataset: wanted } = useSearch({ from: '/signed-in/pipelines/$id' });
  const asked = useRef<string | null>(null);

  const place = useCallback(
    (dataset: Pick<Dataset, 'name'>, { uri, options, found }: DatasetVersion, at: Point | null) => {
      const entry = loadEntry(paletteEntries(catalog), { name: dataset.name, uri, options, found });
      if (!entry) commands.tell('This installation has no step that loads a table.');
      else if (at) commands.addAt(entry, at);
      else commands.add(entry);
    },
    [catalog, commands],
  );

  useEffect(() => {
    if (!wanted || readOnly || asked.current === wanted) return;
    asked.current = wanted;
    const [id = '', number] = wanted.split(':');
    void client
      .fetchQuery(datasetQuery(id))
      .then((dataset) =>
        place(dataset, dataset.versions.find((one) => one.number === Number(number)) ?? dataset.latest, null),
      )
      .catch((error: Error) => commands.tell(error.message))
      .finally(() => void navigate({ to: '.', search: ({ dataset: _, ...rest }) => rest, replace: true }));
  }, [wanted, readOnly, client, place, commands, navigate]);

  return useCallback(
    (files, at) =>
      files.forEach((file, index) => {
        uploads
          .getState()
          .add([file], (made) => place(made, made.latest, { x: at.x, y: at.y + index * ROW }));
      }),
    [place],
  );
}
