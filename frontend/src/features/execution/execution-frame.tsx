import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { stepTypesQuery } from '@/api/step-types';
import type { ExecutionDetail } from '@/api/types';
import { executionTitle, pipelineTitle } from '@/execution/status';
import { EMPTY_CATALOG } from '@/pipeline/catalog';
import { readLayout } from '@/pipeline/layout';
import { parseText } from '@/pipeline/text';
import { canvasView } from '@/pipeline/view';
import { Announcer } from './announcer';
import { Dock } from './dock';
import { ViewTabs } from './execution-bar';
import styles from './execution-frame.module.css';
import { FailureBanner } from './failure-banner';
import { GraphView } from './graph-view';
import { useSteps } from './live';
import { useNarrow, usePlace } from './location';
import { PipelineContext } from './pipeline-context';
import { StepDrawer } from './step-drawer';
import { TableView } from './table-view';

const GanttView = lazy(() => import('./gantt-view').then((module) => ({ default: module.GanttView })));
const EventsView = lazy(() => import('./events-view').then((module) => ({ default: module.EventsView })));

/** Everything below the top bar: the chosen view, the timeline under the graph, the drawer beside it. */
export function ExecutionFrame({ detail }: { detail: ExecutionDetail }) {
  const { data: catalog = EMPTY_CATALOG } = useQuery(stepTypesQuery());
  const view = useMemo(() => {
    const definition = parseText(detail.definition);
    const layout = parseText(detail.layout);
    const positions = readLayout(layout.ok ? layout.value : undefined);
    return canvasView(definition.ok ? definition.value : undefined, positions, catalog);
  }, [detail.definition, detail.layout, catalog]);
  const pipeline = useMemo(() => ({ view, catalog, executionId: detail.id }), [view, catalog, detail.id]);
  const { place } = usePlace();
  const narrow = useNarrow();
  const known = useSteps().some(
    (row) => row.name === place.step || `${row.name}[${row.iteration}]` === place.step,
  );
  const selected = known ? place.step : null;
  return (
    <PipelineContext.Provider value={pipeline}>
      <h1 className="visually-hidden">
        {pipelineTitle(detail)}, {executionTitle(detail)}
      </h1>
      <div className={selected ? `${styles.frame} ${styles.withDrawer}` : styles.frame}>
        <div className={styles.stage}>
          {narrow ? (
            <div className={styles.tabs}>
              <ViewTabs />
            </div>
          ) : null}
          <FailureBanner />
          <div className={styles.view}>
            <Suspense fallback={null}>
              {place.view === 'graph' ? <GraphView /> : null}
              {place.view === 'table' ? <TableView /> : null}
              {place.view === 'gantt' ? <GanttView /> : null}
              {place.view === 'events' ? <EventsView /> : null}
            </Suspense>
          </div>
          {place.view === 'graph' ? <Dock /> : null}
        </div>
        {selected ? <StepDrawer key={selected} stepKey={selected} /> : null}
      </div>
      <Announcer />
    </PipelineContext.Provider>
  );
}
