import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { glossaryQuery } from '@/api/glossary';
import { GlossaryText } from '@/components/ui/glossary-text';
import { ErrorMessage, Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import styles from './glossary-page.module.css';

/** The words Clary uses, each explained in one sentence. */
export function GlossaryPage() {
  const words = useQuery(glossaryQuery());
  const chosen = useLocation({ select: (location) => location.hash });
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = (words.data ?? []).filter(({ word, meaning }) =>
    `${word} ${meaning}`.toLowerCase().includes(wanted),
  );
  useEffect(() => {
    document.title = 'Glossary · Clary';
  }, []);
  useEffect(() => {
    if (words.data && chosen) document.getElementById(chosen)?.scrollIntoView({ block: 'center' });
  }, [words.data, chosen]);
  return (
    <Page
      bar={
        <TopBar
          left={
            <Crumbs>
              <b>Glossary</b>
            </Crumbs>
          }
        />
      }
    >
      <div className={styles.page}>
        <h1>Glossary</h1>
        <p className={styles.lead}>They are SageMaker’s words where SageMaker has one.</p>
        <TextInput
          type="search"
          aria-label="Search words"
          placeholder="Search words"
          leftSection={<Search size={14} aria-hidden="true" />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {words.isError ? (
          <ErrorMessage error={words.error} what="The glossary" onRetry={() => void words.refetch()} />
        ) : null}
        {words.isSuccess && found.length === 0 ? (
          <Message
            title={`No word fits “${search}”`}
            actions={<Button onClick={() => setSearch('')}>Clear search</Button>}
          />
        ) : null}
        <dl className={styles.words}>
          {found.map(({ id, word, meaning }) => (
            <div key={id} id={id} className={id === chosen ? styles.chosen : styles.word}>
              <dt>{word}</dt>
              <dd>
                <GlossaryText text={meaning} />
              </dd>
            </div>
          ))}
        </dl>
      </div>
    </Page>
  );
}
