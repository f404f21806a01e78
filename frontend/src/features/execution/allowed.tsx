import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { sessionQuery } from '@/api/session';

/** Whether the reader may do it, and the sentence to show when not. */
export function usePermission(permission: string): { allowed: boolean; why: string } {
  const { data } = useQuery(sessionQuery());
  const allowed = data?.permissions.some((own) => own === permission) ?? false;
  return {
    allowed,
    why: `Your role here is ${data?.role ?? 'unknown'}: you can look, but not do this. Ask an admin.`,
  };
}

/** Explains a button that is switched off. */
export function Why({ off, text, children }: { off: boolean; text: string; children: ReactElement }) {
  return (
    <Tooltip label={text} disabled={!off} multiline maw={280}>
      <span>{children}</span>
    </Tooltip>
  );
}
