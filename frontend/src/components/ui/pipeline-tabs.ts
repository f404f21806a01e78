import type { TabLink } from './tabs-bar';

export type PipelinePart = 'Edit' | 'Runs' | 'Schedules' | 'Versions';

/** The parts of one pipeline, as the switch in the middle of the top bar shows them. */
export function pipelineTabs(id: string, active: PipelinePart): TabLink[] {
  const params = { id };
  return [
    { label: 'Edit', link: { to: '/pipelines/$id', params }, active: active === 'Edit' },
    { label: 'Runs', link: { to: '/pipelines/$id/runs', params }, active: active === 'Runs' },
    { label: 'Schedules', link: { to: '/pipelines/$id/schedules', params }, active: active === 'Schedules' },
    { label: 'Versions', link: { to: '/pipelines/$id/versions', params }, active: active === 'Versions' },
  ];
}
