import { useMediaQuery } from '@mantine/hooks';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

export const VIEWS = ['graph', 'table', 'gantt', 'events'] as const;
export type View = (typeof VIEWS)[number];
export const TABS = ['overview', 'results', 'logs', 'data', 'metrics', 'attempts', 'json'] as const;
export type Tab = (typeof TABS)[number];

/** What is looked at: view, step and tab. The address keeps it, so Back, reload and a shared link show the same. */
export interface Place {
  view: View;
  /** Key of the selected step. */
  step: string | null;
  /** Null until somebody chose one: then the step decides what is worth seeing first. */
  tab: Tab | null;
}

export function usePlace(): { place: Place; go: (to: Partial<Place>) => void } {
  const { id } = useParams({ from: '/signed-in/executions/$id' });
  const search = useSearch({ from: '/signed-in/executions/$id' });
  const navigate = useNavigate();
  const place: Place = {
    view: VIEWS.find((view) => view === search.view) ?? defaultView(),
    step: search.step ?? null,
    tab: TABS.find((tab) => tab === search.tab) ?? null,
  };
  const go = useCallback(
    (to: Partial<Place>) => {
      void navigate({
        to: '/executions/$id',
        params: { id },
        search: (before) => {
          const { step: stepBefore, ...rest } = before;
          const step = to.step === undefined ? stepBefore : to.step;
          return {
            ...rest,
            ...(to.view ? { view: to.view } : {}),
            ...(to.tab ? { tab: to.tab } : {}),
            ...(step ? { step } : {}),
          };
        },
        replace: to.view === undefined,
      });
    },
    [navigate, id],
  );
  return { place, go };
}

export const NARROW = '(max-width: 700px)';

/** A phone, or a window as small as one. */
export function useNarrow(): boolean {
  return useMediaQuery(NARROW) ?? false;
}

/** A phone shows the table first: a canvas of that width is for looking around, not for reading. */
function defaultView(): View {
  return window.matchMedia(NARROW).matches ? 'table' : 'graph';
}
