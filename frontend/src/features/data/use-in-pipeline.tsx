import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Workflow } from 'lucide-react';
import type { Dataset, DatasetVersion } from '@/api/datasets';
import { createPipeline, pipelineKeys } from '@/api/pipelines';
import { ApiError } from '@/api/problem-error';
import { plainLetters } from '@/pipeline/names';

/** A new pipeline whose first step loads this version. */
export function UseInPipeline({ dataset, version }: { dataset: Dataset; version: DatasetVersion }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const create = useMutation({
    mutationFn: () => createNamed(pipelineName(dataset.name)),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: pipelineKeys.all });
      await navigate({
        to: '/pipelines/$id',
        params: { id: made.id },
        search: { dataset: `${dataset.id}:${version.number}` },
      });
    },
    onError: (error) => notifications.show({ message: error.message, color: 'red', withBorder: true }),
  });
  return (
    <Button
      variant="filled"
      leftSection={<Workflow size={15} aria-hidden="true" />}
      loading={create.isPending}
      onClick={() => create.mutate()}
    >
      Use in a new pipeline
    </Button>
  );
}

/** The first free one of "people", "people-2" … */
async function createNamed(name: string) {
  for (let number = 1; ; number += 1) {
    try {
      return await createPipeline({ name: number === 1 ? name : `${name}-${number}`, description: '' });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'name-in-use' || number >= 50) throw error;
    }
  }
}

/** Letters, digits and single hyphens, as SageMaker names pipelines. */
export function pipelineName(name: string): string {
  const plain = plainLetters(name)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 200);
  return plain.toLowerCase() || 'table';
}
