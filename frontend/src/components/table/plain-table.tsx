import type { Cell } from '@/execution/summary';
import { TablePreview } from './table-preview';

/** Rows under their names, without figures about the columns. */
export function PlainTable({
  label,
  columns,
  rows,
  large = false,
}: {
  label: string;
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
  large?: boolean;
}) {
  return <TablePreview label={label} names={columns} rows={rows} columns={[]} large={large} />;
}
