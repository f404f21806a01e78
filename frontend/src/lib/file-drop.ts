import type { DragEvent } from 'react';

/** What the file chooser shows first; the server decides by the bytes. */
export const TABLE_FILES = '.csv,.tsv,.tab,.txt,.json,.jsonl,.ndjson,.parquet,.pq,.zip';

export function carriesFiles(event: DragEvent): boolean {
  return event.dataTransfer.types.includes('Files');
}

/** The files of a drop; folders cannot be read and are left out. */
export function droppedFiles(event: DragEvent): File[] {
  const entries = [...event.dataTransfer.items].filter(
    (item) => item.kind === 'file' && item.webkitGetAsEntry()?.isDirectory !== true,
  );
  return entries.flatMap((item) => item.getAsFile() ?? []);
}
