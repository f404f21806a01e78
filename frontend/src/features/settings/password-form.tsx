import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setPassword } from '@/api/session';
import styles from './settings-page.module.css';

/** Set or change the password, as another way in beside one-time links. */
export function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [current, setCurrent] = useState('');
  const change = useMutation({
    mutationFn: setPassword,
    onSuccess: () => {
      setTyped('');
      setCurrent('');
      void client.invalidateQueries({ queryKey: ['session'] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ password: typed, ...(current === '' ? {} : { current_password: current }) });
      }}
    >
      <div className={styles.row}>
        {hasPassword ? (
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            w={280}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        ) : null}
        <PasswordInput
          label={hasPassword ? 'New password' : 'Password'}
          autoComplete="new-password"
          w={280}
          required
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" loading={change.isPending}>
          {hasPassword ? 'Change password' : 'Set password'}
        </Button>
      </div>
      {hasPassword ? (
        <p className={styles.note}>Forgotten? Log in by a one-time link and leave the current one empty.</p>
      ) : null}
      {change.isError ? <p className={styles.error}>{change.error.message}</p> : null}
      {change.isSuccess ? (
        <p className={styles.note} role="status">
          The password is set.
        </p>
      ) : null}
    </form>
  );
}
