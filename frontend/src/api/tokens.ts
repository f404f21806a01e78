import { queryOptions } from '@tanstack/react-query';
import { get, post, remove } from './client';
import type { ApiTokenRow, CreatedToken, Page } from './types';

export function tokensQuery() {
  return queryOptions({
    queryKey: ['tokens'] as const,
    queryFn: ({ signal }) => get<Page<ApiTokenRow>>('tokens/', {}, signal),
  });
}

/** The answer holds the token itself, this once. */
export function createToken(name: string): Promise<CreatedToken> {
  return post('tokens/', { name });
}

export function deleteToken(id: string): Promise<void> {
  return remove(`tokens/${id}/`);
}
