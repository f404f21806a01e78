import { afterEach, describe, expect, it, vi } from 'vitest';
import { get, post } from './client';
import { ApiError, isOffline } from './problem-error';

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  const fetched = vi.fn(
    async (_path: string, _init: RequestInit) =>
      new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers }),
  );
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe('the client', () => {
  it('asks with the query it is given and leaves out what is undefined', async () => {
    const fetched = answer(200, { results: [] });
    await get('pipelines/', { search: 'a b', cursor: undefined });
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/pipelines/?search=a+b');
  });

  it('sends the token against forged requests with every change', async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the server sets this cookie, and the client reads it this way
    document.cookie = 'csrftoken=abc';
    const fetched = answer(201, { id: 'x' });
    await post('pipelines/', { name: 'n' });
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({
      method: 'POST',
      headers: { 'X-CSRFToken': 'abc' },
      body: '{"name":"n"}',
    });
  });

  it('gives the server’s own words, code and request id when it refuses', async () => {
    answer(409, { code: 'stale-revision', detail: 'Somebody was first.', request_id: 'r1', theirs: {} });
    const error = await get('x/').catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({
      status: 409,
      code: 'stale-revision',
      message: 'Somebody was first.',
      requestId: 'r1',
    });
  });

  it('never shows an empty reason', async () => {
    answer(502, '<html>Bad gateway</html>', { 'X-Request-ID': 'r2' });
    const error = await get('x/').catch((failure: unknown) => failure);
    expect(error).toMatchObject({ message: 'The server answered 502 without saying why.', requestId: 'r2' });
    expect(isOffline(error)).toBe(true);
  });

  it('tells a server that is away from one that refuses', () => {
    expect(isOffline(new TypeError('failed to fetch'))).toBe(true);
    expect(isOffline(new ApiError(409, 'c', 'd', null, {}))).toBe(false);
  });
});
