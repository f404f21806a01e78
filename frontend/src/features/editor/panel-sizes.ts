import { useCallback, useMemo, useState } from 'react';
import { type LayoutChangedMeta, usePanelRef } from 'react-resizable-panels';
import { readStored, writeStored } from '@/lib/stored';

const KEY = 'editor-panels';
const NAMES = ['palette', 'inspector', 'dock'] as const;
type Sizes = Record<(typeof NAMES)[number], number>;

const USUAL: Sizes = { palette: 248, inspector: 348, dock: 150 };

/**
 * The editor's panels with their sizes in pixels, as this browser remembers them. A remembered share of the window
 * would make what was right on a small window far too wide on a large one. Only what a person did is remembered:
 * call `remember` after folding or unfolding a panel by a button.
 */
export function usePanels() {
  const palette = usePanelRef();
  const inspector = usePanelRef();
  const dock = usePanelRef();
  const [sizes] = useState(() => ({ ...USUAL, ...readStored(KEY, isSizes) }));
  const panels = useMemo(() => ({ palette, inspector, dock }), [palette, inspector, dock]);
  const remember = useCallback(() => {
    const size = (name: keyof Sizes) => Math.round(panels[name].current?.getSize().inPixels ?? USUAL[name]);
    writeStored(KEY, { palette: size('palette'), inspector: size('inspector'), dock: size('dock') });
  }, [panels]);
  const onLayoutChanged = useCallback(
    (_layout: unknown, meta: LayoutChangedMeta) => {
      if (meta.isUserInteraction) remember();
    },
    [remember],
  );
  return { ...panels, sizes, remember, onLayoutChanged };
}

function isSizes(value: unknown): value is Sizes {
  return (
    typeof value === 'object' &&
    value !== null &&
    NAMES.every((name) => name in value && Number.isFinite((value as Sizes)[name]))
  );
}
