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
  /** Every place in the definition where the wire is written, in document order. */
  pointers: string[];
  /** The property path of a data wire, as written after the source step's name. */
  path: string;
}

export interface Graph {
  steps: StepEntry[];
  edges: Edge[];
  /** Names that steps refer to but no step has. */
  missing: { step: string; name: string; pointer: string }[];
}

/** The graph of a definition. Equal references of one step are one wire with several places. */
export function deriveGraph(document: Json | undefined): Graph {
  const steps = stepEntries(document);
  const names = new Set(steps.map((entry) => entry.name));
  const edges = new Map<string, Edge>();
  const missing: Graph['missing'] = [];
  const add = (edge: Omit<Edge, 'id' | 'pointers'>, pointer: string) => {
    if (edge.source === edge.target) return;
    if (!names.has(edge.source)) {
      missing.push({ step: edge.target, name: edge.source, pointer });
      return;
    }
    const id = `${edge.kind}:${edge.source}>${edge.target}:${edge.kind === 'data' ? edge.path : edge.trigger}`;
    const known = edges.get(id);
    if (known) known.pointers.push(pointer);
    else edges.set(id, { id, ...edge, pointers: [pointer] });
  };
  for (const entry of steps) {
    const target = entry.name;
    if (entry.parent !== null && entry.branch !== null) {
      const branch = {
        kind: 'branch' as const,
        trigger: entry.branch,
        label: TRIGGER_LABELS[entry.branch],
        path: '',
      };
      add({ source: entry.parent, target, ...branch }, entry.pointer);
    }
    items(member(entry.step, 'DependsOn')).forEach((dependency, index) => {
      const source = text(dependency) ?? text(member(dependency, 'Step'));
      if (source === undefined) return;
      const trigger = triggerOf(text(member(dependency, 'Trigger')));
      const order = { kind: 'order' as const, trigger, label: TRIGGER_LABELS[trigger], path: '' };
      add({ source, target, ...order }, child(entry.pointer, 'DependsOn', index));
    });
    for (const reference of ownReferences(entry)) {
      if (reference.root !== 'Steps') continue;
      const { name: source, path } = reference;
      const data = { kind: 'data' as const, trigger: 'Succeeded' as const, label: shortLabel(path), path };
      add({ source, target, ...data }, reference.pointer);
    }
  }
  return { steps, edges: [...edges.values()], missing };
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
  const nests = NESTS.filter((nest) => nest.type === entry.type);
  if (nests.length === 0) return references(entry.step, entry.pointer);
  return references(entry.step, entry.pointer).filter(
    (reference) =>
      !nests.some((nest) => reference.pointer.startsWith(`${entry.pointer}/Arguments/${nest.key}/`)),
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
export function drawnEdges(edges: readonly Edge[]): Edge[] {
  const data = new Set(
    edges.filter((edge) => edge.kind === 'data').map((edge) => `${edge.source}>${edge.target}`),
  );
  return edges.filter(
    (edge) =>
      edge.kind !== 'order' || edge.trigger !== 'Succeeded' || !data.has(`${edge.source}>${edge.target}`),
  );
}
