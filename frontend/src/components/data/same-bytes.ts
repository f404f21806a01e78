/** Larger files are not held in memory for a question that can also be answered after they were sent. */
export const MOST_COMPARED = 128 * 1024 * 1024;

/**
 * Whether the file has the very bytes that are stored. False also where that is not known: the file is large, or the
 * page came over plain HTTP, where browsers compute no digest. The server tells it after such a file was sent.
 */
export async function hasBytes(file: File, stored: { size: number; sha256: string }): Promise<boolean> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle || file.size !== stored.size || file.size > MOST_COMPARED) return false;
  try {
    const digest = new Uint8Array(await subtle.digest('SHA-256', new Uint8Array(await file.arrayBuffer())));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === stored.sha256;
  } catch (error) {
    if (error instanceof DOMException) return false; // it cannot be read twice; sending it says why
    throw error;
  }
}
