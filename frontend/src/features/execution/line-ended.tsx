import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Message } from '@/components/ui/message';

const TEXTS = {
  'signed-out': ['You are signed out', 'Sign in again to go on watching. The execution is not affected.'],
  forbidden: [
    'You may no longer see this execution',
    'Your role in this workspace was changed. Ask an admin of the workspace.',
  ],
  'not-found': ['Not found', 'There is no such execution in this workspace. It may have been deleted.'],
} as const;

/** Why watching ended for good, and the way on. */
export function LineEnded({ state }: { state: keyof typeof TEXTS }) {
  const [title, text] = TEXTS[state];
  const next = window.location.pathname + window.location.search;
  return (
    <Message
      title={title}
      actions={
        state === 'signed-out' ? (
          <Button variant="filled" renderRoot={(props) => <Link {...props} to="/login" search={{ next }} />}>
            Sign in
          </Button>
        ) : (
          <Button renderRoot={(props) => <Link {...props} to="/executions" />}>All executions</Button>
        )
      }
    >
      <p>{text}</p>
    </Message>
  );
}
