import { queryOptions } from '@tanstack/react-query';
import { get, patch, post, remove } from './client';
import type { Session } from './types';

export function sessionQuery() {
  return queryOptions({
    queryKey: ['session'] as const,
    queryFn: ({ signal }) => get<Session>('session/', {}, signal),
    staleTime: 60_000,
    retry: false,
  });
}

export function logIn(username: string, password: string): Promise<Session> {
  return post('session/', { username, password });
}

export function logOut(): Promise<void> {
  return remove('session/');
}

export interface NewPassword {
  password: string;
  current_password?: string;
}

export function setPassword(wanted: NewPassword): Promise<void> {
  return post('session/password/', wanted);
}

/** Whether steps that start later may use the network. */
export function setNetwork(network: boolean): Promise<Session['workspace']> {
  return patch('workspace/', { network });
}
