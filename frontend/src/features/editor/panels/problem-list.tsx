import { CircleCheck } from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import type { Problem } from '@/pipeline/problem';
import { useScene } from '../editor-context';
import { FixButtons } from '../fix-buttons';
import styles from './dock.module.css';

const RANK: Record<Problem['severity'], number> = { error: 0, warning: 1, info: 2 };
const WORDS: Record<Problem['severity'], string> = { error: 'Error', warning: 'Warning', info: 'Note' };
const TONES = { error: 'bad', warning: 'warn', info: 'plain' } as const;

interface Props {
  problems: readonly Problem[];
  /** Said when there are none. */
  fine: string;
  onGo(): void;
}

/** Problems, errors first. A press leads to the field; a fix mends it in one undoable step. */
export function ProblemList({ problems, fine, onGo }: Props) {
  const { store } = useScene();
  if (problems.length === 0) {
    return (
      <p className={styles.fine}>
        <CircleCheck size={16} color="var(--ok)" aria-hidden="true" />
        {fine}
      </p>
    );
  }
  const sorted = [...problems].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  return (
    <div>
      {sorted.map((problem) => (
        <div key={`${problem.code} ${problem.pointer} ${problem.message}`} className={styles.problem}>
          <button
            type="button"
            className={styles.go}
            onClick={() => {
              store.getState().focusOn(problem);
              onGo();
            }}
          >
            <Chip tone={TONES[problem.severity]}>{WORDS[problem.severity]}</Chip>
            {problem.step && !problem.message.startsWith(problem.step) ? <b>{problem.step}</b> : null}
            <span className={styles.message}>{problem.message}</span>
          </button>
          <FixButtons problem={problem} className={styles.fix} />
        </div>
      ))}
    </div>
  );
}
