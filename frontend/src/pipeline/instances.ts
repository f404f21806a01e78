import type { InstanceWords } from './catalog';

/** "2 CPU · 8 GiB"; "" for a type the server has no words for. */
export function instanceWords(known: readonly InstanceWords[], type: string): string {
  return known.find((entry) => entry.type === type)?.words ?? '';
}

/** "2 CPU · 8 GiB (ml.m5.large)"; the type alone where nothing is known of it. */
export function instanceTitle(known: readonly InstanceWords[], type: string): string {
  const words = instanceWords(known, type);
  return words ? `${words} (${type})` : type;
}
