import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createToken, deleteToken, tokensQuery } from '@/api/tokens';
import { formatAgo } from '@/lib/format';
import styles from './settings-page.module.css';

/** Tokens for scripts and the REST API. A new one is shown once. */
export function TokenList() {
  const client = useQueryClient();
  const tokens = useQuery(tokensQuery());
  const [name, setName] = useState('');
  const refresh = () => client.invalidateQueries({ queryKey: ['tokens'] });
  const create = useMutation({
    mutationFn: createToken,
    onSuccess: () => {
      setName('');
      void refresh();
    },
  });
  const revoke = useMutation({ mutationFn: deleteToken, onSuccess: refresh });
  const failure = tokens.error ?? create.error ?? revoke.error;
  return (
    <>
      <ul className={styles.tokens}>
        {(tokens.data?.results ?? []).map((token) => (
          <li key={token.id}>
            <b>{token.name || 'Unnamed'}</b>
            <code>{token.prefix}…</code>
            <small>{token.last_used_at ? `used ${formatAgo(token.last_used_at)}` : 'never used'}</small>
            <Button aria-label={`Revoke ${token.name}`} onClick={() => revoke.mutate(token.id)}>
              Revoke
            </Button>
          </li>
        ))}
      </ul>
      <form
        className={styles.row}
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate(name);
        }}
      >
        <TextInput
          label="Name of a new token"
          placeholder="training scripts"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={create.isPending}>
          Create token
        </Button>
      </form>
      {create.data ? (
        <p className={styles.note} role="status">
          Copy it now; it is not shown again.
          <code className={styles.secret}>{create.data.token}</code>
        </p>
      ) : null}
      {failure ? <p className={styles.error}>{failure.message}</p> : null}
    </>
  );
}
