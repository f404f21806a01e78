import { Link } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import type { DatasetRow } from '@/api/datasets';
import { kindWord, rowWords } from '@/components/data/dataset-words';
import { Chip } from '@/components/ui/chip';
import { ListTable, NameCell, OptionalCell } from '@/components/ui/list-page';
import { formatAbsolute, formatAgo, formatBytes } from '@/lib/format';
import styles from './data-page.module.css';

export function DatasetTable({ rows }: { rows: readonly DatasetRow[] }) {
  return (
    <ListTable
      label="Datasets"
      heads={[
        { title: 'Name' },
        { title: 'Rows' },
        { title: 'Columns', optional: true },
        { title: 'Size', optional: true },
        { title: 'Version' },
        { title: 'Changed', optional: true },
      ]}
    >
      {rows.map((row) => (
        <tr key={row.id}>
          <NameCell about={row.description}>
            <Link to="/data/$id" params={{ id: row.id }} title={row.name}>
              {row.name}
            </Link>
            {row.latest.warnings > 0 ? (
              <Chip tone="warn" icon={<TriangleAlert size={12} aria-hidden="true" />}>
                {row.latest.warnings} {row.latest.warnings === 1 ? 'note' : 'notes'}
              </Chip>
            ) : null}
          </NameCell>
          <td className={styles.figure}>{rowWords(row.latest).replace(/ rows?$/, '')}</td>
          <OptionalCell>
            <span className={styles.figure}>{row.latest.column_count.toLocaleString('en-US')}</span>
          </OptionalCell>
          <OptionalCell>
            <span className={styles.figure}>
              {formatBytes(row.latest.size)} <small>{kindWord(row.latest.kind)}</small>
            </span>
          </OptionalCell>
          <td>v{row.latest.number}</td>
          <OptionalCell>
            <small title={formatAbsolute(row.updated_at)}>{formatAgo(row.updated_at)}</small>
          </OptionalCell>
        </tr>
      ))}
    </ListTable>
  );
}
