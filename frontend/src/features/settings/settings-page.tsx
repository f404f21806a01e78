import { SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { sessionQuery } from '@/api/session';
import { Page } from '@/components/ui/page';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import { AddressTable } from './address-table';
import { HintsSetting } from './hints-setting';
import { ImageTable } from './image-table';
import { NetworkSetting } from './network-setting';
import { PasswordForm } from './password-form';
import styles from './settings-page.module.css';
import { TokenList } from './token-list';

/** Appearance, password, access tokens, the table of images, and what this installation is. */
export function SettingsPage() {
  const { data: session } = useQuery(sessionQuery());
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  useEffect(() => {
    document.title = 'Settings · Clary';
  }, []);
  if (!session) return null;
  return (
    <Page
      bar={
        <TopBar
          left={
            <Crumbs>
              <b>Settings</b>
            </Crumbs>
          }
        />
      }
    >
      <div className={styles.page}>
        <h1>Settings</h1>
        <section className={styles.card}>
          <h2>Appearance</h2>
          <SegmentedControl
            aria-label="Appearance"
            value={colorScheme}
            data={[
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
              { value: 'auto', label: 'System' },
            ]}
            onChange={(value) => setColorScheme(value as 'light' | 'dark' | 'auto')}
          />
        </section>
        <section className={styles.card}>
          <h2>First steps</h2>
          <HintsSetting user={session.user.username} />
        </section>
        <section className={styles.card}>
          <h2>Password</h2>
          <PasswordForm hasPassword={session.user.has_password} />
        </section>
        <section className={styles.card}>
          <h2>Access tokens</h2>
          <TokenList />
        </section>
        <section className={styles.card} id="images">
          <h2>Images</h2>
          <ImageTable mayChange={session.permissions.includes('manage-workspace')} />
        </section>
        <section className={styles.card} id="addresses">
          <h2>Addresses</h2>
          <AddressTable mayChange={session.permissions.includes('edit-data')} />
        </section>
        <section className={styles.card}>
          <h2>Network</h2>
          <NetworkSetting session={session} />
        </section>
        <section className={styles.card}>
          <h2>This installation</h2>
          <dl className={styles.facts}>
            <dt>Version</dt>
            <dd>{session.version}</dd>
            <dt>Workspace</dt>
            <dd>
              {session.workspace.name} · account {session.workspace.account_id}
            </dd>
            <dt>Default bucket</dt>
            <dd>
              <code>{session.workspace.default_bucket}</code>
            </dd>
            <dt>Your role</dt>
            <dd>{session.role}</dd>
            <dt>Steps run in</dt>
            <dd>
              {session.runner
                ? `${session.runner.kind}: ${session.runner.reason}`
                : 'No worker has reported yet.'}
            </dd>
          </dl>
        </section>
      </div>
    </Page>
  );
}
