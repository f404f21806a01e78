import { type Catalog, familyOf, infoOf, outputs, type PortInstance, type StepTypeInfo } from './catalog';
import { columnsOf } from './columns';
import type { StepEntry } from './definition';
import { deriveGraph, drawnEdges, type EdgeKind, type Graph, type Trigger } from './graph';
import { instanceWords } from './instances';
import { type Json, member, text } from './json';
import { COLUMN, type Layout, type Position, ROW } from './layout';
import { librarySummary } from './library';
import { valueAt } from './pointer';
import { shortcuts } from './shortcut-wires';

/** One dot on the right side of a node that a wire can leave from. */
export interface OutPort {
  id: string;
  label: string;
  /** dataset, model, report, code, any; or "branch" for if and else. */
  kind: string;
}

/** What the canvas draws for a step: geometry and words, nothing that changes while a pipeline runs. */
export interface CanvasNode {
  id: string;
  x: number;
  y: number;
  type: string;
  typeTitle: string;
  family: string;
  /** The icon of a ready-made step; other steps have their family's. */
  icon: string;
  /** One key fact: an instance type, an algorithm. "" when there is none. */
  fact: string;
  outputs: OutPort[];
  /** False where nothing can follow (Fail). */
  canLead: boolean;
  known: boolean;
}

export interface CanvasEdge {
  id: string;
  source: string;
  target: string;
  sourcePort: string;
  kind: EdgeKind;
  trigger: Trigger;
  label: string;
  /** A data wire beside a longer way between the same steps: drawn fainter, so that the main way stays readable. */
  quiet: boolean;
}

export interface CanvasView {
  nodes: CanvasNode[];
  edges: CanvasEdge[];
  graph: Graph;
}

/** At most this many dots fit beside a node; with more outputs one dot stands for all. */
export const MAX_OUT_PORTS = 4;
export const OUT = 'out';
export const AFTER = 'after';

/** The canvas of a definition. Steps without a stored position are laid out in layers after the others. */
export function canvasView(document: Json | undefined, layout: Layout, catalog: Catalog): CanvasView {
  const graph = deriveGraph(document);
  const positions = placeMissing(graph, layout);
  const byPath = new Map<string, string>();
  const nodes = graph.steps.map((entry) => {
    const info = infoOf(catalog, entry);
    const outs = outputs(entry.step, info);
    for (const out of outs) byPath.set(`${entry.name} ${out.path}`, out.id);
    return canvasNode(catalog, entry, positions[entry.name] ?? { x: 0, y: 0 }, info, outs);
  });
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const quiet = shortcuts(graph);
  const edges = drawnEdges(graph.edges).map((edge): CanvasEdge => {
    const dots = byId.get(edge.source)?.outputs ?? [];
    const exact = byPath.get(`${edge.source} ${edge.path}`);
    const wanted = edge.kind === 'branch' ? edge.trigger : edge.kind === 'order' ? AFTER : (exact ?? OUT);
    const port = wanted === AFTER || dots.some((dot) => dot.id === wanted) ? wanted : (dots[0]?.id ?? OUT);
    const { id, source, target, kind, trigger, label } = edge;
    return { id, source, target, kind, trigger, label, sourcePort: port, quiet: quiet.has(id) };
  });
  return { nodes, edges, graph };
}

function canvasNode(
  catalog: Catalog,
  entry: StepEntry,
  at: Position,
  info: StepTypeInfo | undefined,
  outs: readonly PortInstance[],
): CanvasNode {
  // Metrics are many and small: they are chosen in a field or after a drop, and have no dot of their own.
  const ports = outs.filter((port) => port.port.kind !== 'metric');
  let dots: OutPort[] = ports.map((port) => ({
    id: port.id,
    label: port.name || port.port.title,
    kind: port.port.kind,
  }));
  if (dots.length !== 1 && (dots.length === 0 || dots.length > MAX_OUT_PORTS)) {
    dots = [{ id: OUT, label: '', kind: 'any' }];
  }
  if (entry.type === 'Condition') {
    dots = [
      { id: 'if', label: 'if', kind: 'branch' },
      { id: 'else', label: 'else', kind: 'branch' },
    ];
  }
  const canLead = entry.type !== 'Fail';
  return {
    id: entry.name,
    x: at.x,
    y: at.y,
    type: entry.type,
    typeTitle: info?.title ?? (entry.type || 'Unknown step type'),
    family: familyOf(info, ports),
    icon: info?.library?.icon ?? '',
    fact: info?.library ? librarySummary(entry.step, info.library) : keyFact(entry, catalog),
    outputs: canLead ? dots : [],
    canLead,
    known: info !== undefined,
  };
}

const FACTS = [
  '/Arguments/ResourceConfig/InstanceType',
  '/Arguments/ProcessingResources/ClusterConfig/InstanceType',
  '/Arguments/TransformResources/InstanceType',
];

function keyFact(entry: StepEntry, catalog: Catalog): string {
  for (const pointer of FACTS) {
    const fact = text(valueAt(entry.step, pointer));
    if (fact !== undefined) return instanceWords(catalog.instances ?? [], fact) || fact.replace(/^ml\./, '');
  }
  return '';
}

function placeMissing(graph: Graph, layout: Layout): Record<string, Position> {
  const missing = graph.steps.filter((entry) => layout.nodes[entry.name] === undefined);
  if (missing.length === 0) return layout.nodes;
  const placed = graph.steps.length - missing.length;
  const top = placed === 0 ? 0 : Math.max(...Object.values(layout.nodes).map((at) => at.y)) + 2 * ROW;
  const names = missing.map((entry) => entry.name);
  const wanted = new Set(names);
  const inner = graph.edges.filter((edge) => wanted.has(edge.source) && wanted.has(edge.target));
  const positions = { ...layout.nodes };
  columnsOf(names, inner).forEach((layer, column) => {
    layer.forEach((name, row) => {
      positions[name] = { x: column * COLUMN, y: top + row * ROW };
    });
  });
  return positions;
}

/** The display name when a step has one that is not just its name; shown as tooltip. */
export function displayName(entry: StepEntry): string {
  return text(member(entry.step, 'DisplayName')) ?? entry.name;
}
