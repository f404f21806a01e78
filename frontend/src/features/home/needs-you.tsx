import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX, Hand } from 'lucide-react';
import { type FailedRun, needsQuery, type OpenQuestion, type UndecidedModel } from '@/api/needs';
import { ErrorMessage } from '@/components/ui/message';
import { keyFigureWords } from '@/execution/key-figure';
import { formatAbsolute, formatAgo } from '@/lib/format';
import styles from './home-page.module.css';

/** Questions of running steps, failed runs and models that wait for a decision; each line leads to where one can do something. */
export function NeedsYou() {
  const needs = useQuery(needsQuery());
  if (needs.isError) {
    return <ErrorMessage error={needs.error} what="What needs you" onRetry={() => void needs.refetch()} />;
  }
  if (!needs.data) return null;
  const { waiting, failed, undecided } = needs.data;
  if (waiting.length === 0 && failed.length === 0 && undecided.length === 0) {
    return (
      <p className={styles.quiet}>
        <CircleCheck size={15} aria-hidden="true" className={styles.ok} />
        Nothing waits for you. Questions of running steps, failed runs and models to approve appear here.
      </p>
    );
  }
  return (
    <ul className={styles.list}>
      {waiting.map((one) => (
        <Waiting key={`${one.execution} ${one.step}`} {...one} />
      ))}
      {undecided.map((one) => (
        <Undecided key={`${one.group} ${one.version}`} {...one} />
      ))}
      {failed.map((one) => (
        <Failed key={one.execution} {...one} />
      ))}
    </ul>
  );
}

function Waiting({ execution, pipeline_name, step, waiting_for, stopping, at }: OpenQuestion) {
  return (
    <li>
      <Hand size={15} aria-hidden="true" className={styles.hand} />
      <span className={styles.words}>
        <Link to="/executions/$id" params={{ id: execution }} search={{ step }}>
          {step} of {pipeline_name} waits for an answer
        </Link>
        <span className={styles.reason} title={waiting_for}>
          {stopping
            ? `The run is stopping and ends with the answer. ${capital(waiting_for)}`
            : capital(waiting_for)}
        </span>
      </span>
      <small title={formatAbsolute(at)}>{formatAgo(at)}</small>
    </li>
  );
}

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

function Failed({ execution, pipeline_name, step, title, reason, at }: FailedRun) {
  return (
    <li>
      <CircleX size={15} aria-hidden="true" className={styles.bad} />
      <span className={styles.words}>
        <Link to="/executions/$id" params={{ id: execution }} search={step ? { step } : {}}>
          {step ? `${step} of ${pipeline_name} failed` : `${pipeline_name} failed`}
        </Link>
        <span className={styles.reason} title={reason}>
          {title || reason}
        </span>
      </span>
      <small title={formatAbsolute(at)}>{formatAgo(at)}</small>
    </li>
  );
}

function Undecided({ group, version, figures, at }: UndecidedModel) {
  const words = figures.map(keyFigureWords).join(' · ');
  return (
    <li>
      <Hand size={15} aria-hidden="true" className={styles.hand} />
      <span className={styles.words}>
        <Link to="/models">
          Version {version} of {group} waits for approval
        </Link>
        {words ? (
          <span className={styles.reason} title={words}>
            {words}
          </span>
        ) : null}
      </span>
      <small title={formatAbsolute(at)}>{formatAgo(at)}</small>
    </li>
  );
}
