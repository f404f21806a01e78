import { Button, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import {
  type DatasetVersion,
  datasetKeys,
  datasetTableQuery,
  readWhole,
  type StoredTable,
  tableColumns,
  tableCsvHref,
} from '@/api/datasets';
import { PagedTable } from '@/components/table/paged-table';
import { TablePreview } from '@/components/table/table-preview';
import { AfterDelay } from '@/components/ui/after-delay';
import { ErrorMessage } from '@/components/ui/message';
import styles from './dataset-page.module.css';

interface Props {
  version: DatasetVersion;
  /** Opens the form that says how the file is read; null for those who may not. */
  onFix: (() => void) | null;
}

/** Brings the dataset's own figures up to date once every row was read. */
function useExactRows(table: StoredTable | undefined, version: DatasetVersion): void {
  const client = useQueryClient();
  const late = table?.profile === 'ready' && !version.rows_exact;
  useEffect(() => {
    if (late) void client.invalidateQueries({ queryKey: datasetKeys.all, predicate: isNoTable });
  }, [late, client]);
}

function isNoTable({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return queryKey[1] !== 'table';
}

/** The columns with type, gaps and spread, above the first rows. */
export function DatasetContents({ version, onFix }: Props) {
  const table = useQuery(datasetTableQuery(version));
  useExactRows(table.data, version);
  if (table.isError) {
    return <ErrorMessage error={table.error} what="The table" onRetry={() => void table.refetch()} />;
  }
  if (!table.data) {
    return (
      <AfterDelay>
        <div role="status" aria-label="Loading the table">
          <Skeleton height={360} mt={14} radius={8} />
        </div>
      </AfterDelay>
    );
  }
  const { preview, columns, warnings, rows } = table.data;
  const wide = table.data.column_count > (preview?.columns.length ?? 0);
  const label = `First ${Math.min(preview?.rows.length ?? 0, rows ?? 0)} rows of ${version.file_name}`;
  return (
    <>
      {warnings.length > 0 ? (
        <section className={styles.notes} aria-label="Notes on the file">
          {warnings.length === 1 ? (
            <p>{warnings[0]}</p>
          ) : (
            <ul>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          )}
          {onFix && (version.kind === 'csv' || version.kind === 'tsv') ? (
            <Button size="compact-xs" onClick={onFix}>
              Change how it is read
            </Button>
          ) : null}
        </section>
      ) : null}
      <div className={styles.sample}>
        {wide ? null : <SampleLine table={table.data} version={version} />}
        <span className={styles.space} />
        <Button size="compact-xs" component="a" href={tableCsvHref(version.uri)} download>
          Download CSV
        </Button>
      </div>
      <div className={styles.table}>
        {wide ? (
          <PagedTable label={label} name={version.file_name} columns={tableColumns(version)} large />
        ) : (
          <TablePreview
            label={label}
            names={preview?.columns ?? []}
            rows={preview?.rows ?? []}
            columns={columns}
            large
          />
        )}
      </div>
    </>
  );
}

/** Says when figures are of the first rows only, and has the rest read on request. */
function SampleLine({ table, version }: { table: StoredTable; version: DatasetVersion }) {
  const client = useQueryClient();
  const whole = useMutation({
    mutationFn: () => readWhole(version.uri),
    onSuccess: (answer) => client.setQueryData(datasetKeys.table(version.uri, version.options), answer),
  });
  if (!table.sample) return null;
  return (
    <div className={styles.figures} role="status">
      <span>
        Figures are of the first {table.sample.rows.toLocaleString('en-US')} rows.
        {table.profile === 'failed' ? ` ${table.profile_failure ?? ''}` : ''}
      </span>
      {table.profile === 'none' ? (
        <Button size="compact-xs" loading={whole.isPending} onClick={() => whole.mutate()}>
          Read all rows
        </Button>
      ) : null}
      {table.profile === 'running' ? <span>Reading all rows …</span> : null}
      {whole.isError ? <span className={styles.error}>{whole.error.message}</span> : null}
    </div>
  );
}
