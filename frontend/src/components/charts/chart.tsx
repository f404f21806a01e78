import { Modal, Skeleton, useComputedColorScheme } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { ChartLine, Download, Maximize2, Table2 } from 'lucide-react';
import { lazy, Suspense, useId, useMemo, useState } from 'react';
import type { ChartFigure } from '@/execution/summary';
import { toCsv } from '@/lib/csv';
import { saveText } from '@/lib/save-file';
import { PlainTable } from '../table/plain-table';
import styles from './chart.module.css';
import { chartRows } from './safe-spec';

const VegaChart = lazy(() => import('./vega-chart').then((module) => ({ default: module.VegaChart })));

/** A chart with its title, its rows as a table for those who read, and a large view. */
export function Chart({ chart }: { chart: ChartFigure }) {
  const rows = useMemo(() => chartRows(chart.spec), [chart.spec]);
  const asTable = chart.kind === 'metric-table' && rows !== null;
  const [reading, setReading] = useState(asTable);
  const [large, { open, close }] = useDisclosure(false);
  const heading = useId();
  return (
    <figure className={styles.chart} aria-labelledby={heading}>
      <figcaption className={styles.head}>
        <b id={heading}>{chart.title}</b>
        {rows && !asTable ? (
          <button
            type="button"
            aria-pressed={reading}
            aria-label={reading ? `Show ${chart.title} as a chart` : `Show ${chart.title} as a table`}
            onClick={() => setReading(!reading)}
          >
            {reading ? <ChartLine size={14} aria-hidden="true" /> : <Table2 size={14} aria-hidden="true" />}
          </button>
        ) : null}
        {rows ? (
          <button
            type="button"
            aria-label={`Download ${chart.title} as CSV`}
            onClick={() => saveText(`${chart.title}.csv`, toCsv(rows.columns, rows.rows), 'text/csv')}
          >
            <Download size={14} aria-hidden="true" />
          </button>
        ) : null}
        <button type="button" aria-label={`Enlarge ${chart.title}`} onClick={open}>
          <Maximize2 size={14} aria-hidden="true" />
        </button>
      </figcaption>
      <Picture chart={chart} rows={reading ? rows : null} />
      <Modal opened={large} onClose={close} title={chart.title} size="80rem">
        {large ? <Picture chart={chart} rows={reading ? rows : null} large /> : null}
      </Modal>
    </figure>
  );
}

interface PictureProps {
  chart: ChartFigure;
  rows: ReturnType<typeof chartRows>;
  large?: boolean;
}

function Picture({ chart, rows, large = false }: PictureProps) {
  const scheme = useComputedColorScheme('light');
  if (rows) return <PlainTable label={chart.title} columns={rows.columns} rows={rows.rows} large={large} />;
  return (
    <Suspense fallback={<Skeleton height={240} />}>
      <VegaChart title={chart.title} spec={chart.spec} scheme={scheme} large={large} />
    </Suspense>
  );
}
