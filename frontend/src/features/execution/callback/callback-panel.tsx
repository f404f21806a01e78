import { useState } from 'react';
import type { Callback } from '@/api/execution-steps';
import type { StepRow } from '@/execution/types';
import { formatAbsolute } from '@/lib/format';
import { Facts, Nothing, Section } from '../facts';
import { AnswerForm } from './answer-form';
import styles from './callback.module.css';
import { CopyText } from './copy-text';

/** What a Callback step asked outside, and the form that answers it while it waits. */
export function CallbackPanel({ row, callback }: { row: StepRow; callback: Callback }) {
  const open = callback.answered_at === null && row.waiting_for !== null;
  return (
    <>
      {open ? (
        <Section title="Waiting for an answer">
          <Nothing>
            {row.status === 'Stopping'
              ? 'The execution was stopped, and whoever was asked has been told. It ends with the answer, whatever that says.'
              : 'A message went to the queue. Whoever reads it answers with the token; or you answer here.'}
          </Nothing>
          <AnswerForm key={callback.token} row={row} callback={callback} />
        </Section>
      ) : null}
      <Section title="What was asked">
        <Facts
          rows={[
            ['Queue', queueOf(callback.queue_url)],
            ['Token', <CopyText key="token" text={callback.token} what="the token" />],
            ['Asked', formatAbsolute(callback.asked_at)],
            ['Answered', callback.answered_at ? formatAbsolute(callback.answered_at) : null],
            ['By', callback.answered_by],
          ]}
        />
        <Arguments values={callback.arguments} />
        <Message text={callback.message} />
      </Section>
    </>
  );
}

function Arguments({ values }: { values: Record<string, unknown> }) {
  const rows = Object.entries(values).map(([name, value]) => [name, shown(value)] as const);
  if (rows.length === 0) return null;
  return (
    <div className={styles.arguments}>
      <h4>Arguments</h4>
      <Facts rows={rows} />
    </div>
  );
}

/** The message as it was sent, unfolded on request. */
function Message({ text }: { text: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
        {open ? 'Hide the message' : 'Show the message'}
      </button>
      {open ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        <section className={styles.message} tabIndex={0} aria-label="Message">
          <pre>{pretty(text)}</pre>
        </section>
      ) : null}
    </>
  );
}

const queueOf = (url: string): string => url.split('/').filter(Boolean).at(-1) ?? url;
const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
