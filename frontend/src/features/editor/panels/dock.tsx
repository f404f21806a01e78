import { ChevronDown } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useEditor } from '../editor-context';
import styles from './dock.module.css';
import { HistoryPanel } from './history-panel';
import { ProblemsPanel } from './problems-panel';

const JsonPanel = lazy(async () => ({ default: (await import('./json-panel')).JsonPanel }));

export type DockTab = 'problems' | 'json' | 'history';

const TABS: readonly { id: DockTab; title: string }[] = [
  { id: 'problems', title: 'Problems' },
  { id: 'json', title: 'JSON' },
  { id: 'history', title: 'History' },
];

interface Props {
  tab: DockTab;
  open: boolean;
  onTab(tab: DockTab): void;
  onCollapse(): void;
  onProblem(): void;
}

/** Below the canvas: what is wrong, the text of the definition, what was done. */
export function Dock({ tab, open, onTab, onCollapse, onProblem }: Props) {
  const count = useEditor((state) => state.problems.length);
  return (
    <section className={styles.dock} aria-label="Details">
      <div className={styles.tabs}>
        <div className={styles.list} role="tablist" aria-label="Details">
          {TABS.map(({ id, title }) => (
            <button
              key={id}
              type="button"
              role="tab"
              id={`dock-${id}`}
              aria-selected={open && tab === id}
              aria-controls="dock-panel"
              className={styles.tab}
              onClick={() => (open && tab === id ? onCollapse() : onTab(id))}
            >
              {id === 'problems' && count > 0 ? `${title} ${count}` : title}
            </button>
          ))}
        </div>
        <span className={styles.space} />
        {open ? (
          <button type="button" className={styles.collapse} aria-label="Hide details" onClick={onCollapse}>
            <ChevronDown size={16} aria-hidden="true" />
          </button>
        ) : null}
      </div>
      {open ? (
        <div id="dock-panel" role="tabpanel" aria-labelledby={`dock-${tab}`} className={styles.body}>
          {tab === 'problems' ? <ProblemsPanel onGo={onProblem} /> : null}
          {tab === 'json' ? (
            <Suspense fallback={null}>
              <JsonPanel />
            </Suspense>
          ) : null}
          {tab === 'history' ? <HistoryPanel /> : null}
        </div>
      ) : null}
    </section>
  );
}
