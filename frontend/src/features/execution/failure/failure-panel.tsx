import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Code2, FileText, Images, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Failure } from '@/api/execution-steps';
import { StatusIcon } from '@/components/status/status-icon';
import type { StepRow } from '@/execution/types';
import { useExecution } from '../live';
import { usePlace } from '../location';
import { RetryButton } from '../retry-button';
import styles from './failure-panel.module.css';
import { Repairs } from './repairs';

/** Why the step failed: what happened, where in the person's own code, what to do, and buttons that do it. */
export function FailurePanel({ row, failure }: { row: StepRow; failure: Failure }) {
  const reason = row.failure_reason ?? '';
  return (
    <section className={styles.panel} aria-label={`Why ${row.name} failed`}>
      <h3>
        <StatusIcon kind="failed" size={16} />
        {failure.title}
      </h3>
      <p className={styles.what}>{failure.what}</p>
      <Where failure={failure} />
      {failure.advice ? <p className={styles.advice}>{failure.advice}</p> : null}
      <Repairs row={row} repairs={failure.repairs} />
      <div className={styles.buttons}>
        {failure.actions.map((action) => (
          <Act key={action} action={action} row={row} failure={failure} />
        ))}
      </div>
      {reason && reason !== failure.what ? (
        <details className={styles.recorded}>
          <summary>What was recorded</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
          <pre tabIndex={0}>{reason}</pre>
        </details>
      ) : null}
    </section>
  );
}

function Where({ failure }: { failure: Failure }) {
  const { place } = failure;
  if (!place) return null;
  const within = place.function && place.function !== '<module>' ? `, in ${place.function}` : '';
  return (
    <div className={styles.place}>
      <span title={place.file}>
        {place.file_name}, line {place.line}
        {within}
      </span>
      {place.code ? <code>{place.code}</code> : null}
    </div>
  );
}

interface ActProps {
  action: Failure['actions'][number];
  row: StepRow;
  failure: Failure;
}

/** One thing that leads on; what changes the draft is among the repairs. */
function Act({ action, row, failure }: ActProps) {
  const execution = useExecution();
  const { go } = usePlace();
  if (!execution) return null;
  const pipeline = execution.pipeline.id;
  switch (action) {
    case 'open-code':
      return failure.place ? (
        <EditorLink pipeline={pipeline} step={row.name} line={failure.place.line} icon={<Code2 size={14} />}>
          Open the code at line {failure.place.line}
        </EditorLink>
      ) : null;
    case 'open-step':
      return (
        <EditorLink pipeline={pipeline} step={row.name} icon={<Pencil size={14} />}>
          Open the step
        </EditorLink>
      );
    case 'open-images':
      return (
        <Button component={Link} to="/settings" leftSection={<Images size={14} />}>
          Open the table of images
        </Button>
      );
    case 'show-log':
      return (
        <Button leftSection={<FileText size={14} />} onClick={() => go({ tab: 'logs' })}>
          Show the log
        </Button>
      );
    case 'retry':
      return execution.ended_at ? <RetryButton execution={execution} quiet /> : null;
    default:
      return null;
  }
}

interface LinkProps {
  pipeline: string;
  step: string;
  line?: number;
  icon: ReactNode;
  children: ReactNode;
}

function EditorLink({ pipeline, step, line, icon, children }: LinkProps) {
  return (
    <Button
      leftSection={icon}
      renderRoot={(props) => (
        <Link
          {...props}
          to="/pipelines/$id"
          params={{ id: pipeline }}
          search={line === undefined ? { step } : { step, line }}
        />
      )}
    >
      {children}
    </Button>
  );
}
