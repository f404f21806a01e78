import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Download, Maximize2 } from 'lucide-react';
import { TablePreview } from '@/components/table/table-preview';
import type { Cell, Summary } from '@/execution/summary';
import { toCsv } from '@/lib/csv';
import { saveText } from '@/lib/save-file';
import styles from './results.module.css';

/** The first rows of a table under the figures of its columns. Without rows: the columns alone. */
export function SummaryTable({ name, summary }: { name: string; summary: Summary }) {
  const [large, { open, close }] = useDisclosure(false);
  const names = summary.preview?.columns ?? summary.columns.map((column) => column.name);
  const rows: Cell[][] = summary.preview?.rows ?? [];
  if (names.length === 0) return null;
  const caption = captionOf(summary, rows.length);
  const table = { label: `${caption} of ${name}`, names, rows, columns: summary.columns };
  return (
    <div className={styles.block}>
      <div className={styles.caption}>
        <span>{caption}</span>
        {rows.length > 0 ? (
          <button
            type="button"
            aria-label={`Download the shown rows of ${name} as CSV`}
            onClick={() => saveText(`${name}-preview.csv`, toCsv(names, rows), 'text/csv')}
          >
            <Download size={14} aria-hidden="true" />
          </button>
        ) : null}
        <button type="button" aria-label={`Enlarge the table of ${name}`} onClick={open}>
          <Maximize2 size={14} aria-hidden="true" />
        </button>
      </div>
      <TablePreview {...table} />
      <Modal opened={large} onClose={close} title={name} size="100rem">
        {large ? <TablePreview {...table} large /> : null}
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
