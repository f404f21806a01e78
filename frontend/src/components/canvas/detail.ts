import { type ReactFlowState, useStore } from '@xyflow/react';
import { createContext } from 'react';

/** How much of a step can be seen: everything, a coloured block with its icon, or a block so small that it is a dot. */
export type Detail = 'near' | 'far' | 'tiny';

/** Below this zoom text is too small to read. */
const FAR = 0.35;
/** Below this zoom an icon is too small to tell. */
const TINY = 0.12;

const detailOf = (state: ReactFlowState): Detail => {
  const zoom = state.transform[2];
  return zoom >= FAR ? 'near' : zoom >= TINY ? 'far' : 'tiny';
};

/** One look at the zoom for all nodes and wires; a look each would cost a thousand of them at every pan. */
export const DetailContext = createContext<Detail>('near');

export function useDetail(): Detail {
  return useStore(detailOf);
}
