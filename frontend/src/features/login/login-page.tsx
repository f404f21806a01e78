import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { logIn } from '@/api/session';
import { Logo } from '@/components/ui/logo';
import styles from './login-page.module.css';

/** Sign in with a password. Who has none opens a fresh one-time link. */
export function LoginPage() {
  const { next } = useSearch({ from: '/login' });
  const client = useQueryClient();
  const router = useRouter();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    document.title = 'Sign in · Clary';
  }, []);
  const enter = async () => {
    setBusy(true);
    setFailure(null);
    try {
      await logIn(username, password);
      client.clear();
      router.history.push(next ?? '/');
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <main className={styles.page}>
      <form
        className={styles.card}
        onSubmit={(event) => {
          event.preventDefault();
          void enter();
        }}
      >
        <h1 className={styles.title}>
          <Logo size={26} /> Clary
        </h1>
        <TextInput
          label="User name"
          autoComplete="username"
          required
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {failure ? (
          <p className={styles.error} role="alert">
            {failure
              .split('`')
              .map((part, index) => (index % 2 === 1 ? <code key={part}>{part}</code> : part))}
          </p>
        ) : null}
        <Button type="submit" variant="filled" size="sm" loading={busy}>
          Sign in
        </Button>
        <p className={styles.note}>
          No password yet, or the link was used already? The terminal that runs Clary prints a fresh one-time
          link:
          <code>python manage.py login_link</code>
        </p>
      </form>
    </main>
  );
}
