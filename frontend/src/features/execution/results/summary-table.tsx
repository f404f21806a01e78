import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Download, Maximize2 } from 'lucide-react';
import { fileColumns, fileCsvHref, type ResultFile, type StepPlace } from '@/api/step-results';
import { PagedTable } from '@/components/table/paged-table';
import { TablePreview } from '@/components/table/table-preview';
import type { Cell, Summary } from '@/execution/summary';
import styles from './results.module.css';

interface Props {
  name: string;
  summary: Summary;
  /** Columns of the table; the summary may tell of fewer. */
  columnCount: number;
  place: StepPlace;
  /** The file the table lies in, when it is known: all columns are reached, and the table is saved from there. */
  file: ResultFile | undefined;
}

/** The first rows of a table under the figures of its columns. Without rows: the columns alone. */
export function SummaryTable({ name, summary, columnCount, place, file }: Props) {
  const [large, { open, close }] = useDisclosure(false);
  const names = summary.preview?.columns ?? summary.columns.map((column) => column.name);
  const rows: Cell[][] = summary.preview?.rows ?? [];
  if (names.length === 0) return null;
  const caption = captionOf(summary, rows.length);
  const label = `${caption} of ${name}`;
  const wide = file !== undefined && columnCount > (summary.preview?.columns.length ?? 0);
  const table = (enlarged: boolean) =>
    wide ? (
      <PagedTable label={label} name={name} columns={fileColumns(place, file.key)} large={enlarged} />
    ) : (
      <TablePreview label={label} names={names} rows={rows} columns={summary.columns} large={enlarged} />
    );
  return (
    <div className={styles.block}>
      <div className={styles.caption}>
        <span>{caption}</span>
        {file ? (
          <a
            href={fileCsvHref(place, file.key)}
            download
            aria-label={`Download ${name} as CSV`}
            title="Download CSV"
          >
            <Download size={14} aria-hidden="true" />
          </a>
        ) : null}
        <button type="button" aria-label={`Enlarge the table of ${name}`} onClick={open}>
          <Maximize2 size={14} aria-hidden="true" />
        </button>
      </div>
      {table(false)}
      <Modal opened={large} onClose={close} title={name} size="100rem">
        {large ? table(true) : null}
      </Modal>
    </div>
  );
}

function captionOf(summary: Summary, shown: number): string {
  if (shown === 0) return 'Columns';
  const whole = summary.rows !== null && summary.rows <= shown;
  const words = whole ? `All ${shown} rows` : `First ${shown} rows`;
  return summary.sampled ? `${words}, figures from a part of the table` : words;
}
