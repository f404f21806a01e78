import { Link } from '@tanstack/react-router';
import type { Readiness } from '@/api/types';
import { Chip, type ChipTone } from '@/components/ui/chip';
import styles from './readiness.module.css';

type Step = Readiness['steps'][number];

const VERDICTS: Record<Step['verdict'], { words: string; tone: ChipTone }> = {
  runs: { words: 'Runs here', tone: 'ok' },
  docker: { words: 'Needs Docker', tone: 'warn' },
  image: { words: 'Needs an image mapping', tone: 'warn' },
  cannot: { words: 'Cannot run', tone: 'bad' },
};
const ORDER = ['cannot', 'image', 'docker', 'runs'];

interface Props {
  steps: readonly Step[];
  onGo(pointer: string, step: string | null): void;
}

/** One line per step, those that need something first. */
export function StepReadiness({ steps, onGo }: Props) {
  const sorted = [...steps].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const ready = steps.filter((step) => step.verdict === 'runs').length;
  return (
    <section>
      <h2>
        Steps{' '}
        <small>
          {ready} of {steps.length} run here
        </small>
      </h2>
      <ul className={styles.lines}>
        {sorted.map((step) => (
          <li key={step.pointer}>
            <span className={styles.head}>
              <button type="button" className={styles.go} onClick={() => onGo(step.pointer, step.name)}>
                {step.name}
              </button>
              <small>{step.type}</small>
              <span className={styles.space} />
              <Chip tone={VERDICTS[step.verdict].tone}>{VERDICTS[step.verdict].words}</Chip>
            </span>
            {step.verdict === 'runs' ? null : <p className={styles.quiet}>{step.reason}</p>}
            {step.verdict === 'image' ? (
              <p className={styles.quiet}>
                <Link to="/settings" className="in-text">
                  Add a line to the table of images
                </Link>{' '}
                for <code>{step.image}</code>.
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}
