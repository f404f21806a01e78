import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import type { Draft, PipelineRow, Session } from '@/api/types';
import {
  EditorContext,
  type EditorScene,
  useDerivedView,
  ViewContext,
} from '@/features/editor/editor-context';
import { createEditorStore } from '@/features/editor/editor-store';
import type { Catalog } from '@/pipeline/catalog';
import type { JsonObject } from '@/pipeline/json';
import type { Problem } from '@/pipeline/problem';
import { printText } from '@/pipeline/text';
import { CATALOG } from './catalog';
import { draft as documents } from './definitions';

const PIPELINE: PipelineRow = {
  id: 'p00000000000',
  name: 'churn',
  display_name: '',
  description: '',
  created_by: 'owner',
  created_at: '2026-11-23T12:00:00Z',
  updated_at: '2026-11-23T12:00:00Z',
  revision: 1,
  latest_version: null,
  arrived_version: null,
  step_count: 0,
  problem_count: 0,
  error_count: 0,
  last_execution: null,
};

const SESSION: Session = {
  user: { username: 'owner', display_name: 'Owner', has_password: false },
  workspace: {
    id: 'w',
    name: 'default',
    account_id: '123456789012',
    default_bucket: 'clary-123456789012',
    network: true,
  },
  role: 'admin',
  permissions: [],
  runner: null,
  version: '1',
  region: 'us-east-1',
  last_pipeline_id: null,
};

export function draftOf(steps: JsonObject[], problems: Problem[] = []): Draft {
  const { definition, layout } = documents(steps);
  return {
    revision: 1,
    definition: printText(definition),
    layout,
    problems,
    base_version: null,
    arrived_version: null,
    changes_since_version: 0,
    saved_at: '2026-11-23T12:00:00Z',
    undo_label: null,
    redo_label: null,
  };
}

interface Options {
  problems?: Problem[];
  readOnly?: boolean;
  catalog?: Catalog;
}

/** An open editor around one component: a store over a draft, the small catalog, a server that takes everything. */
export function openEditor(
  steps: JsonObject[],
  ui: ReactNode,
  { problems = [], readOnly = false, catalog = CATALOG }: Options = {},
) {
  const draft = draftOf(steps, problems);
  const saved = {
    revision: 2,
    problems: [],
    saved_at: '2026-11-23T12:01:00Z',
    changes_since_version: 1,
    arrived_version: null,
  };
  const refuse = vi.fn();
  const send = vi.fn(async () => saved);
  const step = vi.fn(async () => saved);
  const read = vi.fn(async () => draft);
  const store = createEditorStore({ draft, readOnly, refuse, send, step, read });
  const scene: EditorScene = { store, catalog, pipeline: PIPELINE, session: SESSION, readOnly };
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <EditorContext.Provider value={scene}>
          <WithView>{ui}</WithView>
        </EditorContext.Provider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  return { store, scene, refuse, send, step, read };
}

function WithView({ children }: { children: ReactNode }) {
  return <ViewContext.Provider value={useDerivedView()}>{children}</ViewContext.Provider>;
}
