import { useMemo } from 'react';
import { criticalPath, pathSeconds } from '@/execution/critical-path';
import { extent, type Span, spanOfRow, timeline } from '@/execution/timeline';
import { isTerminalExecution, type StepRow, stepKey } from '@/execution/types';
import { useExecution, useHistory, useLive, useServerNow, useSteps } from './live';
import { useRunPipeline } from './pipeline-context';

export interface Lane {
  key: string;
  row: StepRow;
  spans: readonly Span[];
}

export interface TimelineData {
  lanes: Lane[];
  from: number;
  to: number;
  now: number;
  /** Keys on the critical path, and how long it takes. */
  critical: ReadonlySet<string>;
  criticalSeconds: number;
}

/** Everything a timeline draws: one lane per step that did anything, in the order they started. */
export function useTimeline(): TimelineData {
  const steps = useSteps();
  const history = useHistory();
  const { store } = useLive();
  const execution = useExecution();
  const { view } = useRunPipeline();
  const running = execution !== null && !isTerminalExecution(execution.status);
  const now = useServerNow(running);
  const whole = store.missingAfter() === null;
  const spans = useMemo(() => (whole ? timeline(history) : new Map<string, Span[]>()), [history, whole]);
  return useMemo(() => {
    const lanes = steps
      .map((row) => {
        const key = stepKey(row.name, row.iteration);
        return { key, row, spans: spans.get(key) ?? spanOfRow(row) };
      })
      .filter((lane) => lane.spans.length > 0);
    const drawn = new Map(lanes.map((lane) => [lane.key, lane.spans]));
    const path = criticalPath(drawn, view.edges, now);
    return {
      lanes,
      ...extent(drawn.values(), now),
      now,
      critical: new Set(path),
      criticalSeconds: pathSeconds(drawn, path, now),
    };
  }, [steps, spans, view.edges, now]);
}
