import { queryOptions } from '@tanstack/react-query';
import { get, post, remove } from './client';
import type { Page } from './types';

export interface ApiTokenRow {
  id: string;
  name: string;
  prefix: string;
  created_at: string;
  last_used_at: string | null;
}

export function tokensQuery() {
  return queryOptions({
    queryKey: ['tokens'] as const,
    queryFn: ({ signal }) => get<Page<ApiTokenRow>>('tokens/', {}, signal),
  });
}

/** The answer holds the token itself, this once. */
export function createToken(name: string): Promise<ApiTokenRow & { token: string }> {
  return post('tokens/', { name });
}

export function deleteToken(id: string): Promise<void> {
  return remove(`tokens/${id}/`);
}
