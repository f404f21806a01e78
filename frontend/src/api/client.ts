import { problemOf } from './problem-error';

type Query = Record<string, string | number | boolean | undefined>;

/** GET a resource below `/api/`. Any answer but 2xx is an `ApiError` with the server's own words. */
export function get<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const suffix = search.size > 0 ? `?${search}` : '';
  return send<T>('GET', path + suffix, undefined, signal);
}

export function post<T>(path: string, body: unknown = {}): Promise<T> {
  return send<T>('POST', path, body);
}

/** POST the bytes of a file as they are. */
export function upload<T>(path: string, file: Blob): Promise<T> {
  return send<T>('POST', path, file);
}

export function patch<T>(path: string, body: unknown): Promise<T> {
  return send<T>('PATCH', path, body);
}

export function put<T>(path: string, body: unknown): Promise<T> {
  return send<T>('PUT', path, body);
}

export function remove(path: string): Promise<void> {
  return send<void>('DELETE', path);
}

async function send<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined)
    headers['Content-Type'] = body instanceof Blob ? 'application/octet-stream' : 'application/json';
  if (method !== 'GET') headers['X-CSRFToken'] = csrfToken();
  const response = await fetch(`/api/${path}`, {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined
      ? {}
      : { body: typeof body === 'string' || body instanceof Blob ? body : JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export function csrfToken(): string {
  const cookie = document.cookie.split('; ').find((entry) => entry.startsWith('csrftoken='));
  return cookie?.slice('csrftoken='.length) ?? '';
}
