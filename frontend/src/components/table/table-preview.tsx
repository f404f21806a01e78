import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import type { Cell, Column } from '@/execution/summary';
import { cellText } from './cell-text';
import { ColumnHead } from './column-head';
import styles from './table.module.css';

const ROW = 28;
const HEAD = 30;
const HEAD_WITH_TYPES = 66;
const HEAD_WITH_FIGURES = 116;
const MOST_HEIGHT = 380;
const SCROLLBAR = 16;

interface Props {
  /** Accessible name, for example "First 100 rows of train". */
  label: string;
  names: readonly string[];
  rows: readonly (readonly Cell[])[];
  /** Figures about the columns, by name; columns without any show their name only. */
  columns: readonly Column[];
  /** As high as a window allows. */
  large?: boolean;
}

/** A table of any width and length: only the cells in view are drawn. Every column tells its type, gaps and spread. */
export function TablePreview({ label, names, rows, columns, large = false }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const figures = useMemo(() => new Map(columns.map((column) => [column.name, column])), [columns]);
  const figured = columns.length > 0;
  const widths = useMemo(
    () => names.map((name, index) => widthOf(name, index, rows, figured)),
    [names, rows, figured],
  );
  const head = headHeight(columns);
  const down = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    paddingStart: head,
  });
  const across = useVirtualizer({
    horizontal: true,
    count: names.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[index] ?? 100,
    overscan: 4,
  });
  const shown = across.getVirtualItems();
  return (
    <section
      ref={scroller}
      className={styles.scroller}
      style={{
        height: Math.min(
          large ? window.innerHeight * 0.7 : MOST_HEIGHT,
          head + rows.length * ROW + SCROLLBAR,
        ),
      }}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
      tabIndex={0}
    >
      <table
        aria-label={label}
        aria-rowcount={rows.length + 1}
        aria-colcount={names.length}
        className={styles.space}
        style={{ width: across.getTotalSize(), height: down.getTotalSize() }}
      >
        <thead className={styles.headRow} style={{ height: head }}>
          <tr aria-rowindex={1}>
            {shown.map((column) => (
              <th
                key={column.key}
                scope="col"
                aria-colindex={column.index + 1}
                className={styles.head}
                style={{ width: column.size, transform: `translateX(${column.start}px)`, height: head }}
              >
                <ColumnHead
                  name={names[column.index] ?? ''}
                  column={figures.get(names[column.index] ?? '')}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {down.getVirtualItems().map((row) => (
            <tr key={row.key} aria-rowindex={row.index + 2}>
              {shown.map((column) => (
                <TableCell
                  key={column.key}
                  value={rows[row.index]?.[column.index] ?? null}
                  index={column.index}
                  width={column.size}
                  x={column.start}
                  y={row.start}
                  odd={row.index % 2 === 1}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Room for what the columns tell: nothing, their type and gaps, or their spread as well. */
function headHeight(columns: readonly Column[]): number {
  if (columns.some((column) => column.histogram !== null || column.top.length > 0)) return HEAD_WITH_FIGURES;
  return columns.length > 0 ? HEAD_WITH_TYPES : HEAD;
}

interface CellProps {
  value: Cell;
  index: number;
  width: number;
  x: number;
  y: number;
  odd: boolean;
}

function TableCell({ value, index, width, x, y, odd }: CellProps) {
  const text = cellText(value);
  const classes = [styles.cell, odd ? styles.odd : '', typeof value === 'number' ? styles.figure : ''];
  return (
    <td
      aria-colindex={index + 1}
      className={classes.filter(Boolean).join(' ')}
      style={{ width, transform: `translate(${x}px, ${y}px)`, height: ROW }}
      title={typeof value === 'number' ? String(value) : text}
    >
      {value === null ? <i className={styles.missing}>missing</i> : text}
    </td>
  );
}

/** Wide enough for the name, the figures and what the first rows hold, within reason. */
function widthOf(name: string, index: number, rows: readonly (readonly Cell[])[], figured: boolean): number {
  const longest = rows
    .slice(0, 20)
    .reduce((most, row) => Math.max(most, cellText(row[index] ?? null).length), name.length);
  return Math.min(240, Math.max(figured ? 132 : 96, longest * 7.4 + 28));
}
