/** What went wrong with a request, in the server's words. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly requestId: string | null,
    /** The whole problem document, for callers that know more members (conflicts, validation). */
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(detail);
  }
}

/** True when the server could not be reached at all. */
export function isOffline(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof ApiError && (error.status === 0 || error.status >= 502))
  );
}

export async function problemOf(response: Response): Promise<ApiError> {
  const body = await readBody(response);
  const detail =
    textOf(body.detail) ?? textOf(body.title) ?? `The server answered ${response.status} without saying why.`;
  const requestId = textOf(body.request_id) ?? response.headers.get('X-Request-ID');
  return new ApiError(
    response.status,
    textOf(body.code) ?? `http-${response.status}`,
    detail,
    requestId,
    body,
  );
}

async function readBody(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
