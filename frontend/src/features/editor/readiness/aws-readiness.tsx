import type { Readiness } from '@/api/types';
import { Chip } from '@/components/ui/chip';
import styles from './readiness.module.css';

interface Props {
  aws: Readiness['aws'];
  onGo(pointer: string, step: string | null): void;
}

/** What has to change before AWS would take and run this definition. */
export function AwsReadiness({ aws, onGo }: Props) {
  const nothing = [aws.problems, aws.images, aws.uris, aws.library_steps].every((list) => list.length === 0);
  if (nothing) return <p className={styles.quiet}>Nothing stands between this definition and AWS.</p>;
  return (
    <div className={styles.report}>
      {aws.problems.length > 0 ? (
        <section>
          <h2>What AWS would refuse</h2>
          <ul className={styles.lines}>
            {aws.problems.map((problem) => (
              <li key={`${problem.code}${problem.pointer}`}>
                <span className={styles.head}>
                  <button
                    type="button"
                    className={styles.go}
                    onClick={() => onGo(problem.pointer, problem.step ?? null)}
                  >
                    {problem.step ?? 'Pipeline'}
                  </button>
                  <span className={styles.space} />
                  <Chip tone={problem.severity === 'error' ? 'bad' : 'warn'}>{problem.severity}</Chip>
                </span>
                <p className={styles.quiet}>{problem.message}</p>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {aws.images.length > 0 ? (
        <section>
          <h2>Images AWS cannot pull</h2>
          <p className={styles.quiet}>
            Push them to ECR, and name them by a parameter with the local image as default.
          </p>
          <ul className={styles.lines}>
            {aws.images.map(({ step, image }) => (
              <li key={step}>
                <b>{step}</b> <code>{image}</code>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {aws.library_steps.length > 0 ? (
        <section>
          <h2>Ready-made steps</h2>
          <p className={styles.quiet}>
            {aws.library_steps.join(', ')}: build the image of the ready-made steps and push it to ECR under
            the name the steps use there.
          </p>
        </section>
      ) : null}
      {aws.uris.length > 0 ? (
        <section>
          <h2>Addresses in this workspace's bucket</h2>
          <p className={styles.quiet}>
            AWS does not have that bucket. Copy the objects to one of yours and name it.
          </p>
          <ul className={styles.lines}>
            {aws.uris.map(({ pointer, uri }) => (
              <li key={pointer}>
                <button type="button" className={styles.go} onClick={() => onGo(pointer, null)}>
                  <code>{uri}</code>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  );
}
