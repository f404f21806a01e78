import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fileHref, fileTableQuery, fileTextQuery, type ResultFile, type StepPlace } from '@/api/step-results';
import { tableWords } from '@/execution/summary';
import { formatBytes } from '@/lib/format';
import { ActionError } from '../action-error';
import { Nothing } from '../facts';
import styles from './results.module.css';
import { SummaryTable } from './summary-table';

/** A file as it is best seen: picture, page, table, or text. */
export function FileView({ place, file }: { place: StepPlace; file: ResultFile }) {
  switch (file.viewer) {
    case 'image':
      return <Picture place={place} file={file} />;
    case 'html':
      return <Page place={place} file={file} />;
    case 'table':
      return <TableFile place={place} file={file} />;
    default:
      return <TextFile place={place} file={file} />;
  }
}

function Picture({ place, file }: { place: StepPlace; file: ResultFile }) {
  const [broken, setBroken] = useState(false);
  if (broken) return <Nothing>This picture cannot be shown. Download it to look into it.</Nothing>;
  return (
    <img
      className={styles.image}
      src={fileHref(place, file.key)}
      alt={file.path}
      onError={() => setBroken(true)}
    />
  );
}

/** A page a step wrote: an origin of its own that runs no script and reaches nothing. */
function Page({ place, file }: { place: StepPlace; file: ResultFile }) {
  return <iframe className={styles.page} sandbox="" src={fileHref(place, file.key)} title={file.path} />;
}

function TableFile({ place, file }: { place: StepPlace; file: ResultFile }) {
  const table = useQuery(fileTableQuery(place, file.key));
  if (table.data) {
    const words = tableWords({ rows: table.data.rows, columns: table.data.column_count || null });
    return (
      <div className={styles.block}>
        {words ? <p className={styles.words}>{words}</p> : null}
        <SummaryTable
          name={file.path}
          summary={table.data}
          columnCount={table.data.column_count}
          place={place}
          file={file}
        />
      </div>
    );
  }
  if (!table.error) return <Skeleton height={120} my={6} />;
  // What cannot be read as a table can still be read.
  return file.path.endsWith('.parquet') ? (
    <ActionError error={table.error} />
  ) : (
    <TextFile place={place} file={file} />
  );
}

function TextFile({ place, file }: { place: StepPlace; file: ResultFile }) {
  const piece = useQuery(fileTextQuery(place, file.key));
  if (piece.error) return <ActionError error={piece.error} />;
  if (!piece.data) return <Skeleton height={80} my={6} />;
  const { text, truncated, size } = piece.data;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
      <section className={styles.text} tabIndex={0} aria-label={file.path}>
        <pre>{file.viewer === 'json' && !truncated ? pretty(text) : text}</pre>
      </section>
      {truncated ? (
        <p className={styles.words}>
          The first {formatBytes(text.length)} of {formatBytes(size)}. Download it to see the rest.
        </p>
      ) : null}
    </>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
