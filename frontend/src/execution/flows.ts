import type { CanvasEdge } from '@/pipeline/view';
import { formatBytes } from '../lib/format';
import { decisionWords } from './key-figure';
import { type OutputFigures, tableWords } from './summary';
import type { StepRow } from './types';

/** What a wire carried out of `source`: "455 rows × 31 columns · 48 KiB"; null while nothing is known. */
export function flowWords(edge: Pick<CanvasEdge, 'kind' | 'label'>, source: StepRow): string | null {
  if (edge.kind === 'branch') return decisionWords(source);
  if (edge.kind !== 'data' || source.status !== 'Succeeded') return null;
  const output = outputOf(edge.label, source.results?.outputs ?? {});
  if (!output) return null;
  const files = output.files > 1 ? `${output.files.toLocaleString('en-US')} files` : null;
  return [tableWords(output), files, formatBytes(output.size)].filter((part) => part !== null).join(' · ');
}

/** A wire is labelled with the output it comes from; a step with one output leaves no doubt. */
function outputOf(label: string, outputs: Record<string, OutputFigures>): OutputFigures | undefined {
  const all = Object.values(outputs);
  return outputs[label] ?? (all.length === 1 ? all[0] : undefined);
}
