import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { modelGroupsQuery } from '@/api/models';
import { sessionQuery } from '@/api/session';
import { ListPage, ListStates } from '@/components/ui/list-page';
import { Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';
import { WorkspaceTabs } from '@/components/ui/workspace-tabs';
import { ModelGroupCard } from './model-group-card';

/** Every registered model of the workspace: versions, who made them, whether they may be used. */
export function ModelsPage() {
  const { data: session } = useQuery(sessionQuery());
  const groups = useInfiniteQuery(modelGroupsQuery());
  const rows = groups.data?.pages.flatMap((page) => page.results) ?? [];
  useEffect(() => {
    document.title = 'Models · Clary';
  }, []);
  return (
    <Page bar={<TopBar left={<b>{session?.workspace.name}</b>} center={<WorkspaceTabs active="Models" />} />}>
      <ListPage title="Models" term={{ term: 'modelPackageGroup', word: 'model package group' }}>
        <ListStates list={groups} what="The models">
          {groups.isSuccess && rows.length === 0 ? <NoModels /> : null}
          {rows.map((group) => (
            <ModelGroupCard
              key={group.id}
              group={group}
              mayDecide={session?.permissions.includes('decide-approval') ?? false}
            />
          ))}
        </ListStates>
      </ListPage>
    </Page>
  );
}

function NoModels() {
  return (
    <Message
      title="No registered models yet"
      actions={
        <Button variant="filled" renderRoot={(props) => <Link to="/templates" {...props} />}>
          Start from a template
        </Button>
      }
    >
      <p>
        A Register model step puts a trained model here, with its metrics and the run it came from. The
        template “Tell penguins apart” ends with one.
      </p>
    </Message>
  );
}
