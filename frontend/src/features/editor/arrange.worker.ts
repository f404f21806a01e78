import { arrange } from '@/pipeline/arrange';
import type { ArrangeRequest } from './arrange';

self.onmessage = (event: MessageEvent<ArrangeRequest>) => {
  self.postMessage(arrange(event.data.nodes, event.data.edges));
};
