import { NESTS, type StepEntry, stepEntries } from './definition';
import { items, type Json, member, text } from './json';
import { child } from './pointer';
import { type Reference, references } from './references';

export type EdgeKind = 'data' | 'order' | 'branch';
export type Trigger = 'Succeeded' | 'Failed' | 'Stopped' | 'Any' | 'if' | 'else' | 'body';

/** A wire. Never stored: it follows from a reference, a DependsOn entry or a branch. */
export interface Edge {
  id: string;
  source: string;
  target: string;
  kind: EdgeKind;
  trigger: Trigger;
  /** What travels, in short words ("train", "metrics.auc"), "" when nothing needs saying. */
  label: string;
  /** Where in the definition the wire is written. */
  pointer: string;
  /** The property path of a data wire, as written after the source step's name. */
  path: string;
}

export interface Graph {
  steps: StepEntry[];
  edges: Edge[];
  /** Names that steps refer to but no step has. */
  missing: { step: string; name: string; pointer: string }[];
}

/** The graph of a definition. References from inside a branch point at the branch's own steps, not its condition. */
export function deriveGraph(document: Json | undefined): Graph {
  const steps = stepEntries(document);
  const names = new Set(steps.map((entry) => entry.name));
  const edges = new Map<string, Edge>();
  const missing: Graph['missing'] = [];
  const add = (edge: Omit<Edge, 'id'>) => {
    const id = `${edge.kind}:${edge.source}>${edge.target}:${edge.kind === 'data' ? edge.path : edge.trigger}`;
    if (!edges.has(id)) edges.set(id, { id, ...edge });
  };
  for (const entry of steps) {
    if (entry.parent !== null && entry.branch !== null) {
      const branch = { kind: 'branch' as const, trigger: entry.branch, label: entry.branch, path: '' };
      add({ source: entry.parent, target: entry.name, pointer: entry.pointer, ...branch });
    }
    for (const reference of ownReferences(entry)) {
      if (reference.root !== 'Steps' || reference.name === entry.name) continue;
      if (!names.has(reference.name)) {
        missing.push({ step: entry.name, name: reference.name, pointer: reference.pointer });
        continue;
      }
      add({
        source: reference.name,
        target: entry.name,
        kind: 'data',
        trigger: 'Succeeded',
        label: shortLabel(reference.path),
        pointer: reference.pointer,
        path: reference.path,
      });
    }
    items(member(entry.step, 'DependsOn')).forEach((dependency, index) => {
      const source = text(dependency) ?? text(member(dependency, 'Step'));
      const pointer = child(entry.pointer, 'DependsOn', index);
      if (source === undefined || source === entry.name) return;
      if (!names.has(source)) {
        missing.push({ step: entry.name, name: source, pointer });
        return;
      }
      const trigger = triggerOf(text(member(dependency, 'Trigger')));
      add({
        source,
        target: entry.name,
        kind: 'order',
        trigger,
        label: TRIGGER_LABELS[trigger],
        pointer,
        path: '',
      });
    });
  }
  return { steps, edges: dropShadowed([...edges.values()]), missing };
}

const TRIGGER_LABELS: Record<Trigger, string> = {
  Succeeded: '',
  Failed: 'on failure',
  Stopped: 'when stopped',
  Any: 'always',
  if: 'if',
  else: 'else',
  body: 'each',
};

function triggerOf(value: string | undefined): Trigger {
  return value === 'Failed' || value === 'Stopped' || value === 'Any' ? value : 'Succeeded';
}

/** References of a step itself: the steps nested in its branches speak for themselves. */
export function ownReferences(entry: StepEntry): Reference[] {
  const args = member(entry.step, 'Arguments');
  if (!NESTS.some((nest) => member(args, nest.key) !== undefined)) {
    return references(entry.step, entry.pointer);
  }
  return references(entry.step, entry.pointer).filter(
    (reference) =>
      !NESTS.some((nest) => reference.pointer.startsWith(`${entry.pointer}/Arguments/${nest.key}/`)),
  );
}

/** "Outputs['train'].S3Output.S3Uri" → "train": the name a person gave is the shortest label. */
export function shortLabel(path: string): string {
  const keys = [...path.matchAll(/\['([^']+)'\]/g)];
  const last = keys.at(-1)?.[1];
  if (last !== undefined) return last;
  const parts = path.split('.');
  if (parts[0] === 'PropertyFiles') return parts[1] ?? '';
  return parts.includes('S3ModelArtifacts') ? 'model' : (parts.at(-1) ?? '');
}

/** A plain "run after" beside a data wire between the same steps says nothing new, so it is not drawn. */
function dropShadowed(edges: Edge[]): Edge[] {
  const data = new Set(
    edges.filter((edge) => edge.kind === 'data').map((edge) => `${edge.source}>${edge.target}`),
  );
  return edges.filter(
    (edge) =>
      edge.kind !== 'order' || edge.trigger !== 'Succeeded' || !data.has(`${edge.source}>${edge.target}`),
  );
}
