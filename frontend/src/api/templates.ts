import { queryOptions } from '@tanstack/react-query';
import type { Json } from '@/pipeline/json';
import { get, post } from './client';
import type { components } from './schema.gen';

type Schemas = components['schemas'];

export type Template = Omit<Schemas['Template'], 'layout'> & { layout: Json };

/** Templates change only with the server's version, so once per page load is enough. */
export function templatesQuery() {
  return queryOptions({
    queryKey: ['templates'] as const,
    queryFn: ({ signal }) => get<{ results: Template[] }>('templates/', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
    select: (answer) => answer.results,
  });
}

/** A new pipeline of a template; with `into`, the template is drawn into that pipeline, which is empty. */
export function startFromTemplate(id: string, into?: string): Promise<Schemas['MadePipeline']> {
  return post(`templates/${id}/`, into ? { pipeline: into } : {});
}
