import { TabsBar } from './tabs-bar';

const VIEWS = [
  { label: 'Pipelines', link: { to: '/pipelines' } },
  { label: 'Data', link: { to: '/data' } },
  { label: 'Executions', link: { to: '/executions' } },
  { label: 'Models', link: { to: '/models' } },
] as const;

/** Where one can go in a workspace. */
export function WorkspaceTabs({ active }: { active: (typeof VIEWS)[number]['label'] | null }) {
  return (
    <TabsBar label="Workspace" tabs={VIEWS.map((view) => ({ ...view, active: view.label === active }))} />
  );
}
