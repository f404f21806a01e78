import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type StepPlace, stepResultsQuery } from '@/api/step-results';
import { AfterDelay } from '@/components/ui/after-delay';
import { figureText, keyFigure } from '@/execution/key-figure';
import { inReadingOrder } from '@/execution/summary';
import { isTerminalStep, type StepRow } from '@/execution/types';
import { ActionError } from '../action-error';
import { Nothing, Section } from '../facts';
import { useLive } from '../live';
import { OutputResults } from './output-results';
import styles from './results.module.css';

/** What the step made, to look at: its key figure, tables, charts, pictures and pages. */
export function ResultsTab({ row }: { row: StepRow }) {
  const { executionId } = useLive();
  const place: StepPlace = { execution: executionId, step: row.name, iteration: row.iteration };
  const finished = row.status === 'Succeeded';
  const results = useQuery({
    ...stepResultsQuery(place, `${row.attempt} ${row.ended_at}`),
    enabled: finished || isTerminalStep(row.status),
  });
  if (!isTerminalStep(row.status)) {
    return (
      <Section title="Results">
        <Nothing>Results appear when the step succeeds.</Nothing>
      </Section>
    );
  }
  if (results.error) {
    return (
      <Section title="The results could not be loaded">
        <ActionError error={results.error} />
        <button type="button" className={styles.more} onClick={() => void results.refetch()}>
          Retry
        </button>
      </Section>
    );
  }
  if (!results.data) {
    return (
      <AfterDelay>
        <Section title="">
          <Skeleton height={56} mb={12} />
          <Skeleton height={200} />
        </Section>
      </AfterDelay>
    );
  }
  const outputs = inReadingOrder(
    results.data.outputs.filter((output) => output.summary || output.files.length > 0),
  );
  return (
    <>
      <KeyFigures row={row} />
      {outputs.length === 0 ? (
        <Section title="Results">
          <Nothing>{finished ? <NoFiles type={row.type} /> : 'It ended before it left any results.'}</Nothing>
        </Section>
      ) : null}
      {outputs.map((output) => (
        <OutputResults key={output.name} place={place} output={output} />
      ))}
    </>
  );
}

/** Where to look instead, for a step that is done and leaves no files. */
function NoFiles({ type }: { type: string }) {
  if (type === 'Condition') return 'A condition writes no files. The overview says what it compared.';
  if (type !== 'RegisterModel') return 'This step wrote no files.';
  return (
    <>
      The version it registered is among the{' '}
      <Link to="/models" className="in-text">
        models
      </Link>
      .
    </>
  );
}

function KeyFigures({ row }: { row: StepRow }) {
  const figure = keyFigure(row);
  if (!figure) return null;
  return (
    <div className={styles.key}>
      <span>{figure.label}</span>
      <b title={String(figure.value)}>{figureText(figure)}</b>
    </div>
  );
}
