import { type Catalog, infoOf } from './catalog';
import type { StepEntry } from './definition';
import type { Graph } from './graph';
import { option } from './library';

export interface ReportValue {
  path: string;
  title: string;
  good?: number;
}

/** The values of a ready-made step's report that are worth comparing; none for a report of unknown shape. */
export function reportValues(catalog: Catalog, entry: StepEntry, report: string): readonly ReportValue[] {
  const outputs = infoOf(catalog, entry)?.library?.outputs ?? [];
  return outputs.find((output) => output.name === report)?.values ?? [];
}

/** The value a Condition most likely asks for, by the task of the model that is measured. */
export function usualValue(
  scene: { catalog: Catalog; graph: Graph },
  entry: StepEntry,
  report: string,
): ReportValue | undefined {
  const values = reportValues(scene.catalog, entry, report);
  const amounts = values.find((value) => value.path.startsWith('regression_metrics.'));
  return (predictsAmounts(scene.graph, entry.name) ? amounts : undefined) ?? values[0];
}

/** Whether a step that trains to predict amounts feeds this one, directly or over others. */
function predictsAmounts(graph: Graph, name: string): boolean {
  const seen = new Set([name]);
  const open = [name];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    const entry = graph.steps.find((step) => step.name === here);
    if (entry?.kind.startsWith('library:train-regressor@')) return true;
    if (entry?.kind.startsWith('library:tune@') && option(entry.step, 'task').raw === 'regress') return true;
    for (const edge of graph.edges) {
      if (edge.target === here && edge.kind === 'data' && !seen.has(edge.source)) {
        seen.add(edge.source);
        open.push(edge.source);
      }
    }
  }
  return false;
}
