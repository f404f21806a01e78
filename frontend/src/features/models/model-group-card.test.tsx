import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, within } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import type { ModelGroup, ModelPackage } from '@/api/models';
import { ModelGroupCard } from './model-group-card';

const GROUP = { id: 'g1', name: 'churn', description: '' } as ModelGroup;
const NEWEST: ModelPackage = {
  id: 'm3',
  group: 'churn',
  version: 3,
  arn: 'arn:aws:sagemaker:us-east-1:000000000000:model-package/churn/3',
  approval_status: 'PendingManualApproval',
  figures: [
    { label: 'ROC AUC', value: 0.99121 },
    { label: 'Accuracy', value: 0.9649 },
  ],
  source_execution: '',
  source_step: '',
  created_by: 'mia',
  created_at: '2026-11-23T10:00:00Z',
};
const USED: ModelPackage = {
  ...NEWEST,
  id: 'm2',
  version: 2,
  approval_status: 'Approved',
  figures: [{ label: 'ROC AUC', value: 0.9 }],
};
const PLAIN: ModelPackage = {
  ...USED,
  id: 'm1',
  version: 1,
  approval_status: 'Rejected',
  figures: [],
};

afterEach(() => vi.unstubAllGlobals());

async function open(rows: ModelPackage[]): Promise<HTMLElement> {
  vi.stubGlobal('fetch', async () => Response.json({ results: rows, next: null }));
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <ModelGroupCard group={GROUP} mayDecide />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findAllByRole('listitem');
  return screen.getByRole('region', { name: 'churn' });
}

it('tells the figures of each version where it is approved or rejected', async () => {
  const card = await open([NEWEST, USED, PLAIN]);
  const [newest, used, plain] = within(card).getAllByRole('listitem');
  expect(newest).toHaveTextContent('ROC AUC 0.9912');
  expect(newest).toHaveTextContent('Accuracy 0.9649');
  expect(used).toHaveTextContent('ROC AUC 0.9');
  expect(plain).toHaveTextContent(/^Version 1RejectedCame through the API/);
});

it('names the newest approved version to compare with', async () => {
  const card = await open([NEWEST, USED, PLAIN]);
  expect(within(card).getByText(/^Newest approved/)).toHaveTextContent(
    'Newest approved: version 2ROC AUC 0.9',
  );
});

it('does not say twice what the newest version has', async () => {
  const card = await open([USED, PLAIN]);
  expect(within(card).queryByText(/^Newest approved/)).toBeNull();
});

it('compares with nothing while no version is approved, or its figures are not known', async () => {
  const card = await open([NEWEST, { ...PLAIN, approval_status: 'Approved' }]);
  expect(within(card).queryByText(/^Newest approved/)).toBeNull();
});
