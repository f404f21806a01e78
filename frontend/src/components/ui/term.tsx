import { Popover } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleQuestionMark } from 'lucide-react';
import { useState } from 'react';
import { glossaryQuery } from '@/api/glossary';
import { TERMS, type Term } from '@/lib/terms';
import { GlossaryText } from './glossary-text';
import styles from './term.module.css';

interface Props {
  term: Term;
  /** How the page calls it here, for screen readers. */
  word: string;
}

/** A question mark beside a word: what it means, in the glossary's own sentence. */
export function TermHelp({ term, word }: Props) {
  const [opened, setOpened] = useState(false);
  const { id } = TERMS[term];
  const { data } = useQuery({ ...glossaryQuery(), enabled: opened });
  const entry = data?.find((one) => one.id === id);
  return (
    <Popover opened={opened} onChange={setOpened} width={300} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <button
          type="button"
          className={styles.mark}
          aria-label={`What is meant by ${word}`}
          onClick={() => setOpened(!opened)}
        >
          <CircleQuestionMark size={15} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.box}>
        {entry ? (
          <>
            <b>{entry.word}</b>
            <p>
              <GlossaryText text={entry.meaning} />
            </p>
          </>
        ) : null}
        <Link to="/glossary" hash={id}>
          All words
        </Link>
      </Popover.Dropdown>
    </Popover>
  );
}
