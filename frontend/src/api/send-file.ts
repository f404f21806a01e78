import { csrfToken } from './client';
import { ApiError, problemOf } from './problem-error';

export interface Sent {
  /** Bytes that left this computer. */
  sent: number;
  total: number;
}

/** POST the bytes of a file, telling how far it is. Aborting the signal stops it and nothing is kept. */
export function sendFile<T>(
  path: string,
  file: Blob,
  { onProgress, signal }: { onProgress(at: Sent): void; signal: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch tells nothing about a body on its way
    const lost = () =>
      reject(new ApiError(0, 'connection-lost', 'The connection was lost. Nothing was stored.', null, {}));
    request.open('POST', `/api/${path}`);
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('X-CSRFToken', csrfToken());
    request.upload.onprogress = (event) => onProgress({ sent: event.loaded, total: file.size });
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(JSON.parse(request.responseText) as T);
        return;
      }
      const status = request.status >= 400 ? request.status : 500;
      void problemOf(new Response(request.responseText, { status })).then(reject);
    };
    request.onerror = lost;
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
    signal.addEventListener('abort', () => request.abort());
    if (signal.aborted) request.abort();
    else request.send(file);
  });
}
