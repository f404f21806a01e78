import { type DetailQuery, WithDetail } from './detail-state';
import { Section } from './facts';
import styles from './json-tab.module.css';

/** The arguments as they were resolved, and the description the job answers references with. */
export function JsonTab({ detail }: { detail: DetailQuery }) {
  return (
    <WithDetail detail={detail}>
      {(data) => (
        <>
          <Section title="Resolved arguments">
            <Json label="Resolved arguments" value={data.arguments} />
          </Section>
          <Section title="Description">
            <Json label="Description" value={data.description} />
          </Section>
        </>
      )}
    </WithDetail>
  );
}

function Json({ label, value }: { label: string; value: unknown }) {
  const empty = value === null || value === undefined;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
    <section className={styles.json} tabIndex={0} aria-label={label}>
      <pre>{empty ? 'Known once the step starts.' : JSON.stringify(value, null, 2)}</pre>
    </section>
  );
}
