import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { ExecutionStatusChip } from '@/components/ui/execution-status';
import { formatAbsolute, formatAgo, formatDuration } from '@/lib/format';
import { depend } from '@/pipeline/edit/wires';
import type { Edge, Trigger } from '@/pipeline/graph';
import type { EditorCommands } from '../commands';
import { useEditor, useScene, useView } from '../editor-context';
import styles from './inspector.module.css';

/** Nothing is selected: what the pipeline is. */
export function NothingSelected() {
  const { pipeline, readOnly } = useScene();
  const { graph } = useView();
  const last = pipeline.last_execution;
  return (
    <div className={styles.empty}>
      <h2 className={styles.title}>{pipeline.display_name || pipeline.name}</h2>
      {pipeline.description ? <p>{pipeline.description}</p> : null}
      <dl className={styles.facts}>
        <dt>Steps</dt>
        <dd>{graph.steps.length}</dd>
        <dt>Version</dt>
        <dd>{pipeline.latest_version === null ? 'Not published yet' : `v${pipeline.latest_version}`}</dd>
        <dt>Last run</dt>
        <dd>
          {last ? (
            <>
              <ExecutionStatusChip
                status={last.status}
                {...(last.duration_seconds == null ? {} : { extra: formatDuration(last.duration_seconds) })}
              />{' '}
              <Link
                to="/executions/$id"
                params={{ id: last.id }}
                className={styles.ago}
                title={formatAbsolute(last.started_at)}
              >
                {formatAgo(last.started_at)}
              </Link>
            </>
          ) : (
            'Never run'
          )}
        </dd>
      </dl>
      {graph.steps.length > 0 ? (
        readOnly ? (
          <p>Select a step to see its settings.</p>
        ) : (
          <p>
            Press <b>Run</b> to run it, or select a step to see and change its settings.
          </p>
        )
      ) : null}
    </div>
  );
}

export function SeveralSelected({ commands }: { commands: EditorCommands }) {
  const { readOnly } = useScene();
  const count = useEditor((state) => state.selected.length);
  return (
    <div className={styles.empty}>
      <h2 className={styles.title}>{count} steps selected</h2>
      {readOnly ? null : (
        <div className={styles.buttons}>
          <Button onClick={commands.duplicate}>Duplicate</Button>
          <Button onClick={commands.tidy}>Tidy</Button>
          <Button onClick={commands.remove}>Delete</Button>
        </div>
      )}
    </div>
  );
}

const KINDS: Record<Edge['kind'], string> = { data: 'Data', order: 'Order only', branch: 'Branch' };
const TRIGGERS: readonly { value: Trigger; words: string }[] = [
  { value: 'Succeeded', words: 'after it succeeded' },
  { value: 'Failed', words: 'after it failed' },
  { value: 'Stopped', words: 'after it was stopped' },
  { value: 'Any', words: 'however it ended' },
];

/** A wire: what it hands over, where it is written, and how to cut it. */
export function WireSelected({ edge, commands }: { edge: Edge; commands: EditorCommands }) {
  const { store, readOnly } = useScene();
  return (
    <div className={styles.empty}>
      <h2 className={styles.title}>
        {edge.source} <ArrowRight size={14} aria-label="to" /> {edge.target}
      </h2>
      <dl className={styles.facts}>
        <dt>Kind</dt>
        <dd>{KINDS[edge.kind]}</dd>
        {edge.kind === 'data' ? (
          <>
            <dt>Hands over</dt>
            <dd>
              <code>
                Steps.{edge.source}.{edge.path}
              </code>
            </dd>
          </>
        ) : null}
        {edge.kind === 'branch' ? (
          <>
            <dt>Runs when</dt>
            <dd>{edge.trigger === 'else' ? 'the condition does not hold' : 'the condition holds'}</dd>
          </>
        ) : null}
        {edge.kind === 'order' ? (
          <>
            <dt>Runs</dt>
            <dd>
              <select
                aria-label={`When to run ${edge.target}`}
                disabled={readOnly}
                value={edge.trigger}
                onChange={(event) => {
                  const chosen = TRIGGERS.find((option) => option.value === event.target.value);
                  if (!chosen) return;
                  store
                    .getState()
                    .run((documents) => depend(documents, edge.source, edge.target, chosen.value));
                  store.getState().select([], [`order:${edge.source}>${edge.target}:${chosen.value}`]);
                }}
              >
                {TRIGGERS.map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.words}
                  </option>
                ))}
              </select>
            </dd>
          </>
        ) : null}
      </dl>
      {readOnly ? null : <Button onClick={commands.remove}>Cut this wire</Button>}
    </div>
  );
}
