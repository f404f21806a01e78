import type { Viewport } from '@xyflow/react';
import { useCallback, useState } from 'react';
import { readStored, writeStored } from '@/lib/stored';

/** Pan and zoom remembered per key in this browser; the first visit fits the whole graph. */
export function useSavedViewport(key: string | undefined) {
  const [initial] = useState(() => (key ? readStored(`view:${key}`, isViewport) : undefined));
  const save = useCallback((view: Viewport) => key && writeStored(`view:${key}`, view), [key]);
  return { initial, save };
}

function isViewport(value: unknown): value is Viewport {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['x', 'y', 'zoom'].every((part) => Number.isFinite((value as Record<string, unknown>)[part]))
  );
}
