import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { ApiError } from '@/api/problem-error';
import { sessionQuery } from '@/api/session';
import { NotFound, RouteError } from './fallbacks';
import { queryClient } from './providers';
import { SignedInFrame } from './signed-in-frame';

/** A search parameter that is a text, or absent. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteError });

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = word(search.next);
    return next?.startsWith('/') && !next.startsWith('//') ? { next } : {};
  },
  component: lazyRouteComponent(() => import('@/features/login/login-page'), 'LoginPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  component: SignedInFrame,
  beforeLoad: async ({ location }) => {
    try {
      return { session: await queryClient.ensureQueryData(sessionQuery()) };
    } catch (error) {
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) {
        throw redirect({ to: '/login', search: { next: location.href } });
      }
      throw error;
    }
  },
});

const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  beforeLoad: ({ context }) => {
    const last = context.session.last_pipeline_id;
    if (last) throw redirect({ to: '/pipelines/$id', params: { id: last }, replace: true });
    throw redirect({ to: '/home', replace: true });
  },
});

const pipelines = createRoute({
  getParentRoute: () => signedIn,
  path: '/pipelines',
  validateSearch: (search: Record<string, unknown>): { search?: string; dialog?: 'new' } => {
    const text = word(search.search);
    return { ...(text ? { search: text } : {}), ...(search.dialog === 'new' ? { dialog: 'new' } : {}) };
  },
  component: lazyRouteComponent(() => import('@/features/pipelines/pipelines-page'), 'PipelinesPage'),
});

const pipeline = createRoute({
  getParentRoute: () => signedIn,
  path: '/pipelines/$id',
  validateSearch: (
    search: Record<string, unknown>,
  ): { step?: string; line?: number; tab?: string; dock?: string; dataset?: string } => {
    const [step, tab, dock] = [word(search.step), word(search.tab), word(search.dock)];
    const line = typeof search.line === 'number' && search.line > 0 ? search.line : undefined;
    const dataset = word(search.dataset);
    const place = { ...(step ? { step } : {}), ...(line ? { line } : {}), ...(dataset ? { dataset } : {}) };
    return { ...place, ...(tab ? { tab } : {}), ...(dock ? { dock } : {}) };
  },
  component: lazyRouteComponent(() => import('@/features/editor/editor-page'), 'EditorPage'),
});

const pipelineRuns = createRoute({
  getParentRoute: () => signedIn,
  path: '/pipelines/$id/runs',
  validateSearch: (search: Record<string, unknown>): { status?: string } => {
    const status = word(search.status);
    return status ? { status } : {};
  },
  component: lazyRouteComponent(() => import('@/features/executions/pipeline-runs-page'), 'PipelineRunsPage'),
});

const pipelineVersions = createRoute({
  getParentRoute: () => signedIn,
  path: '/pipelines/$id/versions',
  component: lazyRouteComponent(() => import('@/features/pipelines/versions-page'), 'VersionsPage'),
});

const pipelineSchedules = createRoute({
  getParentRoute: () => signedIn,
  path: '/pipelines/$id/schedules',
  component: lazyRouteComponent(() => import('@/features/schedules/schedules-page'), 'SchedulesPage'),
});

const executions = createRoute({
  getParentRoute: () => signedIn,
  path: '/executions',
  validateSearch: (search: Record<string, unknown>): { status?: string; pipeline?: string } => {
    const [status, of] = [word(search.status), word(search.pipeline)];
    return { ...(status ? { status } : {}), ...(of ? { pipeline: of } : {}) };
  },
  component: lazyRouteComponent(() => import('@/features/executions/executions-page'), 'ExecutionsPage'),
});

const execution = createRoute({
  getParentRoute: () => signedIn,
  path: '/executions/$id',
  validateSearch: (
    search: Record<string, unknown>,
  ): { step?: string; iteration?: string; tab?: string; dock?: string; view?: string } => {
    const result: { step?: string; iteration?: string; tab?: string; dock?: string; view?: string } = {};
    for (const key of ['step', 'iteration', 'tab', 'dock', 'view'] as const) {
      const value = word(search[key]);
      if (value) result[key] = value;
    }
    return result;
  },
  component: lazyRouteComponent(() => import('@/features/execution/execution-page'), 'ExecutionPage'),
});

const data = createRoute({
  getParentRoute: () => signedIn,
  path: '/data',
  validateSearch: (search: Record<string, unknown>): { search?: string } => {
    const text = word(search.search);
    return text ? { search: text } : {};
  },
  component: lazyRouteComponent(() => import('@/features/data/data-page'), 'DataPage'),
});

const dataset = createRoute({
  getParentRoute: () => signedIn,
  path: '/data/$id',
  validateSearch: (search: Record<string, unknown>): { version?: number } => {
    const version = Number(search.version);
    return Number.isInteger(version) && version > 0 ? { version } : {};
  },
  component: lazyRouteComponent(() => import('@/features/data/dataset-page'), 'DatasetPage'),
});

const start = createRoute({
  getParentRoute: () => signedIn,
  path: '/home',
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
});

const glossary = createRoute({
  getParentRoute: () => signedIn,
  path: '/glossary',
  component: lazyRouteComponent(() => import('@/features/glossary/glossary-page'), 'GlossaryPage'),
});

const models = createRoute({
  getParentRoute: () => signedIn,
  path: '/models',
  component: lazyRouteComponent(() => import('@/features/models/models-page'), 'ModelsPage'),
});

const templates = createRoute({
  getParentRoute: () => signedIn,
  path: '/templates',
  validateSearch: (search: Record<string, unknown>): { into?: string } => {
    const into = word(search.into);
    return into ? { into } : {};
  },
  component: lazyRouteComponent(() => import('@/features/templates/templates-page'), 'TemplatesPage'),
});

const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/settings-page'), 'SettingsPage'),
});

const tree = root.addChildren([
  login,
  signedIn.addChildren([
    home,
    pipelines,
    pipeline,
    pipelineRuns,
    pipelineSchedules,
    pipelineVersions,
    executions,
    execution,
    data,
    dataset,
    start,
    models,
    glossary,
    templates,
    settings,
  ]),
]);

export const router = createRouter({ routeTree: tree, defaultPreload: false });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
