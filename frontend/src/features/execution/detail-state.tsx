import { Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { StepDetail } from '@/api/execution-steps';
import { AfterDelay } from '@/components/ui/after-delay';
import { ActionError } from './action-error';
import { Section } from './facts';

export type DetailQuery = UseQueryResult<StepDetail>;

/** The details of a step, or their shape while they load, or why they did not come. */
export function WithDetail({
  detail,
  children,
}: {
  detail: DetailQuery;
  children: (data: StepDetail) => ReactNode;
}) {
  if (detail.data) return children(detail.data);
  if (detail.error) {
    return (
      <Section title="The details could not be loaded">
        <ActionError error={detail.error} />
        <Button onClick={() => void detail.refetch()}>Retry</Button>
      </Section>
    );
  }
  return (
    <AfterDelay>
      <Section title="">
        <Skeleton height={14} mb={10} width="60%" />
        <Skeleton height={14} mb={10} />
        <Skeleton height={14} width="80%" />
      </Section>
    </AfterDelay>
  );
}
