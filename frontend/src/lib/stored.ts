const PREFIX = 'clary:';

/** A value this browser remembers, or undefined when there is none of the expected shape. */
export function readStored<T>(key: string, accept: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
    return accept(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Remember a value; a full or forbidden storage loses a convenience, never work. */
export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Private windows and full storages refuse; the default is used next time.
  }
}
