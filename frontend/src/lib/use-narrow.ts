import { useSyncExternalStore } from 'react';

const QUERY = '(max-width: 700px)';

/** True on a phone: panels leave, what remains can be read and walked. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(QUERY);
      media.addEventListener('change', listener);
      return () => media.removeEventListener('change', listener);
    },
    () => matchMedia(QUERY).matches,
  );
}
