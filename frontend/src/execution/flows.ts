import type { CanvasEdge } from '@/pipeline/view';
import { formatBytes } from '../lib/format';
import { decisionWords } from './key-figure';
import { type OutputFigures, tableWords } from './summary';
import type { StepRow } from './types';

/** What was found in a table the step said nothing of. */
export interface FoundFigures {
  rows: number | null;
  /** Whether rows were counted, not estimated. */
  exact: boolean;
  columns: number | null;
}

type Wire = Pick<CanvasEdge, 'kind' | 'label'>;

/**
 * What a wire carried out of `source`: "455 rows × 31 columns · 48 KiB"; null while nothing is known.
 * `found` counts where the step itself told no figures.
 */
export function flowWords(edge: Wire, source: StepRow, found?: FoundFigures): string | null {
  if (edge.kind === 'branch') return decisionWords(source);
  if (edge.kind !== 'data' || source.status !== 'Succeeded') return null;
  const [, output] = outputOf(edge.label, source.results?.outputs ?? {}) ?? [];
  if (!output) return null;
  const files = output.files > 1 ? `${output.files.toLocaleString('en-US')} files` : null;
  return [tableWords(output) ?? foundWords(found), files, formatBytes(output.size)]
    .filter((part) => part !== null)
    .join(' · ');
}

/** The output behind a wire that may hold a table nobody has told the figures of; null where there is none to ask for. */
export function untoldOutput(edge: Wire, source: StepRow): string | null {
  if (edge.kind !== 'data' || source.status !== 'Succeeded') return null;
  const [name, output] = outputOf(edge.label, source.results?.outputs ?? {}) ?? [];
  const told = output?.kind !== undefined || output?.rows !== undefined || output?.columns !== undefined;
  return name !== undefined && output?.files === 1 && !told ? name : null;
}

function foundWords(found: FoundFigures | undefined): string | null {
  const words = found ? tableWords(found) : null;
  return words && found && !found.exact ? `about ${words}` : words;
}

/** A wire is labelled with the output it comes from; a step with one output leaves no doubt. */
function outputOf(
  label: string,
  outputs: Record<string, OutputFigures>,
): [string, OutputFigures] | undefined {
  const all = Object.entries(outputs);
  const named = outputs[label];
  if (named) return [label, named];
  return all.length === 1 ? all[0] : undefined;
}
