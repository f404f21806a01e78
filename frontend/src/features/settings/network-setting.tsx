import { Switch } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { sessionQuery, setNetwork } from '@/api/session';
import type { Session } from '@/api/types';
import styles from './settings-page.module.css';

interface Props {
  session: Session;
}

/** Whether steps of the workspace may use the network: for admins a switch, for others what it says. */
export function NetworkSetting({ session }: Props) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: setNetwork,
    onSettled: () => queries.invalidateQueries({ queryKey: sessionQuery().queryKey }),
  });
  const mayChange = session.permissions.includes('manage-workspace');
  const isolated = session.runner?.trusted_only !== true;
  return (
    <>
      <Switch
        label="Steps may use the network"
        checked={change.isPending ? change.variables : session.workspace.network}
        disabled={!mayChange || change.isPending}
        onChange={(event) => change.mutate(event.currentTarget.checked)}
      />
      <p className={styles.note}>
        Off: steps that start from now on reach neither the internet nor this server’s AWS endpoint, as with
        EnableNetworkIsolation.
        {isolated ? '' : ' Steps run as plain processes here, which cannot be cut off.'}
        {mayChange ? '' : ' Admins of the workspace can change this.'}
      </p>
      {change.isError && (
        <p className={styles.error} role="alert">
          {change.error.message}
        </p>
      )}
    </>
  );
}
