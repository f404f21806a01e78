import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { setPassword } from '@/api/session';
import styles from './settings-page.module.css';

/** Set or change the password, as another way in beside one-time links. */
export function PasswordForm({ hasPassword }: { hasPassword: boolean }) {
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const change = useMutation({
    mutationFn: setPassword,
    onSuccess: () => {
      setTyped('');
      void client.invalidateQueries({ queryKey: ['session'] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate(typed);
      }}
    >
      <div className={styles.row}>
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
      {change.isError ? <p className={styles.error}>{change.error.message}</p> : null}
      {change.isSuccess ? (
        <p className={styles.note} role="status">
          The password is set.
        </p>
      ) : null}
    </form>
  );
}
