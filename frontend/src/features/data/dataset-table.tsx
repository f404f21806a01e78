import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { DatasetRow } from '@/api/datasets';
import { kindWord, rowWords } from '@/components/data/dataset-words';
import { Chip } from '@/components/ui/chip';
import { formatAbsolute, formatAgo, formatBytes } from '@/lib/format';
import styles from './data-page.module.css';

export function DatasetTable({ rows }: { rows: readonly DatasetRow[] }) {
  return (
    <table className={styles.table} aria-label="Datasets">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Rows</th>
          <th scope="col" className={styles.optional}>
            Columns
          </th>
          <th scope="col" className={styles.optional}>
            Size
          </th>
          <th scope="col">Version</th>
          <th scope="col" className={styles.optional}>
            Changed
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <td className={styles.name}>
              <Link to="/data/$id" params={{ id: row.id }} title={row.name}>
                {row.name}
              </Link>
              {row.latest.warnings > 0 ? (
                <Chip tone="warn" icon={<TriangleAlert size={12} aria-hidden="true" />}>
                  {row.latest.warnings} {row.latest.warnings === 1 ? 'note' : 'notes'}
                </Chip>
              ) : null}
              <small>{row.description}</small>
            </td>
            <td className={styles.figure}>{rowWords(row.latest).replace(/ rows?$/, '')}</td>
            <td className={`${styles.figure} ${styles.optional}`}>
              {row.latest.column_count.toLocaleString('en-US')}
            </td>
            <td className={`${styles.figure} ${styles.optional}`}>
              {formatBytes(row.latest.size)} <small>{kindWord(row.latest.kind)}</small>
            </td>
            <td>v{row.latest.number}</td>
            <td className={styles.optional}>
              <small title={formatAbsolute(row.updated_at)}>{formatAgo(row.updated_at)}</small>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
