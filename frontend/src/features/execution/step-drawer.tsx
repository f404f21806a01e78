import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { stepDetailQuery, versionOf } from '@/api/execution-steps';
import { FamilyTile } from '@/components/ui/family-tile';
import { IconButton } from '@/components/ui/icon-button';
import { runSeconds, statusName, statusTone, stepKind, stepWord } from '@/execution/status';
import { isActiveStep, type StepRow, stepKey } from '@/execution/types';
import { formatDuration } from '@/lib/format';
import { AttemptsTab } from './attempts-tab';
import { DataTab } from './data-tab';
import { JsonTab } from './json-tab';
import { useLive, useServerNow, useStep } from './live';
import { TABS, type Tab, usePlace } from './location';
import { LogTab } from './log-tab';
import { MetricsTab } from './metrics-tab';
import { OverviewTab } from './overview-tab';
import { useStepLook } from './pipeline-context';
import { ResultsTab } from './results/results-tab';
import { SparkLine } from './spark-line';
import styles from './step-drawer.module.css';

const LABELS: Record<Tab, string> = {
  overview: 'Overview',
  results: 'Results',
  logs: 'Logs',
  data: 'Data',
  metrics: 'Metrics',
  attempts: 'Attempts',
  json: 'JSON',
};

/** Everything about one step of the execution. */
export function StepDrawer({ stepKey: key }: { stepKey: string }) {
  const row = useStep(key);
  const { place, go } = usePlace();
  const close = () => go({ step: null });
  if (!row) return null;
  const chosen = place.tab ?? firstTab(row);
  return (
    <aside
      className={styles.drawer}
      aria-label={`Step ${key}`}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
      }}
    >
      <DrawerHead row={row} onClose={close} />
      <div className={styles.tabs} role="tablist" aria-label="About this step">
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={chosen === tab}
            aria-controls="step-panel"
            tabIndex={chosen === tab ? 0 : -1}
            className={chosen === tab ? `${styles.tab} ${styles.on}` : styles.tab}
            onClick={() => go({ tab })}
            onKeyDown={(event) => {
              const next = neighbour(tab, event.key);
              if (!next) return;
              go({ tab: next });
              document.getElementById(`tab-${next}`)?.focus();
            }}
          >
            {LABELS[tab]}
          </button>
        ))}
      </div>
      <div className={styles.panel} id="step-panel" role="tabpanel" aria-labelledby={`tab-${chosen}`}>
        <DrawerTab row={row} tab={chosen} />
      </div>
    </aside>
  );
}

/** A step that left results to look at opens there. */
function firstTab(row: StepRow): Tab {
  const outputs = Object.values(row.results?.outputs ?? {});
  if (outputs.length === 0) return 'overview';
  const worthSeeing = row.results?.key !== undefined || outputs.some((output) => output.kind !== undefined);
  return row.status === 'Succeeded' && worthSeeing ? 'results' : 'overview';
}

function neighbour(tab: Tab, key: string): Tab | undefined {
  const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
  return step === 0 ? undefined : TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
}

function DrawerHead({ row, onClose }: { row: StepRow; onClose: () => void }) {
  const look = useStepLook(row);
  const kind = stepKind(row);
  const now = useServerNow(isActiveStep(row.status));
  const seconds = runSeconds(row, now);
  const time =
    seconds === null ? '' : ` · ${formatDuration(seconds, isActiveStep(row.status) ? 'clock' : 'auto')}`;
  const cause = kind === 'failed' ? ` · ${stepWord(row, now)}` : '';
  return (
    <header className={styles.head}>
      <FamilyTile family={look.family} icon={look.icon} />
      <div className={styles.title}>
        <h2 title={stepKey(row.name, row.iteration)}>{stepKey(row.name, row.iteration)}</h2>
        <span className={styles.status} style={{ color: `var(--${statusTone(kind)})` }}>
          {statusName(kind)}
          {cause}
          {time}
          {row.attempt > 1 ? ` · attempt ${row.attempt}` : ''}
        </span>
      </div>
      <SparkLine row={row} />
      <IconButton aria-label="Close the step" onClick={onClose}>
        <X size={16} aria-hidden="true" />
      </IconButton>
    </header>
  );
}

function DrawerTab({ row, tab }: { row: StepRow; tab: Tab }) {
  const { executionId } = useLive();
  const [attempt, setAttempt] = useState<number | null>(null);
  const detail = useQuery(stepDetailQuery(executionId, row.name, row.iteration, versionOf(row)));
  // A new attempt is what people want to see next.
  useEffect(() => {
    if (row.attempt > 0) setAttempt(null);
  }, [row.attempt]);
  switch (tab) {
    case 'overview':
      return <OverviewTab row={row} detail={detail} />;
    case 'results':
      return <ResultsTab row={row} />;
    case 'logs':
      return (
        <LogTab row={row} detail={detail.data} attempt={attempt ?? row.attempt} onAttempt={setAttempt} />
      );
    case 'data':
      return <DataTab row={row} detail={detail} />;
    case 'metrics':
      return <MetricsTab row={row} />;
    case 'attempts':
      return <AttemptsTab row={row} detail={detail} />;
    case 'json':
      return <JsonTab detail={detail} />;
  }
}
