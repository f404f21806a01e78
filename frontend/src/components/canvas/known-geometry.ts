import { useStoreApi } from '@xyflow/react';
import { useState } from 'react';

/**
 * Every node comes with its size and the places of its dots, so measuring them in the page can only cost time, and
 * would lose the dots of far steps, which are not drawn. The canvas library measures whatever it mounts; here it does
 * not. Set while rendering, because its observers keep the function they find when they are first rendered.
 */
export function useKnownGeometry(): void {
  const store = useStoreApi();
  useState(() => store.setState({ updateNodeInternals: () => undefined }));
}
