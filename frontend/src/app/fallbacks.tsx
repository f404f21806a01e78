import { Button } from '@mantine/core';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { ErrorMessage, Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';

export function NotFound() {
  return (
    <Page bar={<TopBar />}>
      <Message title="There is no such page" actions={<Link to="/pipelines">All pipelines</Link>}>
        <p>The address may be mistyped, or what it showed was deleted.</p>
      </Message>
    </Page>
  );
}

export function RouteError({ error, reset }: ErrorComponentProps) {
  return (
    <Page bar={<TopBar />}>
      <ErrorMessage error={error} what="This page" onRetry={reset} />
      <Button component="a" href="/pipelines" display="none">
        All pipelines
      </Button>
    </Page>
  );
}
