import { useCallback, useMemo, useRef, useState } from 'react';
import { Canvas, type CanvasEditing, type Point, type WireStart } from '@/components/canvas/canvas';
import { IN } from '@/components/canvas/geometry';
import { KeyedStore } from '@/components/canvas/sources';
import { infoOf, outputs } from '@/pipeline/catalog';
import { type Choice, clearChoice, endings, type Scene, wireChoices } from '@/pipeline/connect';
import { moveSteps } from '@/pipeline/edit/steps';
import { disconnectEdge } from '@/pipeline/edit/wires';
import { joined } from '@/pipeline/history';
import { snap } from '@/pipeline/layout';
import { paletteEntries } from '@/pipeline/palette';
import { applyPatch } from '@/pipeline/patch';
import { OUT } from '@/pipeline/view';
import { ChoiceMenu } from './choice-menu';
import type { EditorCommands } from './commands';
import { useEditor, useScene, useView } from './editor-context';
import { EmptyCanvas } from './empty-canvas';
import { useProblemCounts } from './problem-counts';
import { QuickAdd, type QuickAddAt } from './quick-add';
import { useDatasetSteps } from './use-dataset-steps';

interface Props {
  commands: EditorCommands;
  quickAdd: QuickAddAt | null;
  onQuickAdd(at: QuickAddAt | null): void;
  onOpenStep(): void;
  onJson(): void;
}

/** The draft on the shared canvas: drawing writes the definition, the definition draws the wires. */
export function EditorCanvas({ commands, quickAdd, onQuickAdd, onOpenStep, onJson }: Props) {
  const { store, catalog, pipeline, readOnly } = useScene();
  const view = useView();
  const selected = useEditor((state) => state.selected);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const reveal = useEditor((state) => state.reveal);
  const [choosing, setChoosing] = useState<{ choices: Choice[]; at: Point } | null>(null);
  const [targets] = useState(() => new KeyedStore<{ ok: boolean; reason: string }>());
  const problems = useProblemCounts();
  const sources = useMemo(() => ({ problems, targets }), [problems, targets]);
  const verdict = useRef<((target: string) => { ok: boolean; reason: string }) | null>(null);

  const scene = useCallback(
    (): Scene => ({ documents: store.getState().documents, graph: view.graph, catalog }),
    [store, view, catalog],
  );

  const choose = useCallback(
    (ends: { source: string; port: string; target: string }, client: Point) => {
      const { choices, reason } = wireChoices(scene(), ends);
      const clear = clearChoice(choices);
      if (clear) store.getState().run(() => clear.make());
      else if (choices.length > 0) setChoosing({ choices, at: client });
      else commands.tell(reason ?? 'These steps cannot be wired.');
    },
    [scene, store, commands],
  );

  const bringFiles = useDatasetSteps(commands);

  const editing = useMemo((): CanvasEditing => {
    const forwards = (start: WireStart, target: string) =>
      start.port === IN
        ? { source: target, port: OUT, target: start.step }
        : { source: start.step, port: start.port, target };
    return {
      onMove: (moves) => {
        const places = moves.map(({ id, x, y }) => [id, { x: snap(x), y: snap(y) }] as const);
        store.getState().run((documents) => moveSteps(documents, Object.fromEntries(places)));
      },
      canConnect: (_start, target) => verdict.current?.(target).ok ?? true,
      onConnectStart: (start) => {
        verdict.current = verdictFor(scene(), start);
        for (const node of view.nodes) {
          if (node.id !== start.step) targets.set(node.id, verdict.current(node.id));
        }
      },
      onConnectEnd: () => {
        verdict.current = null;
        targets.replace(new Map());
      },
      onConnect: (start, target, client) => choose(forwards(start, target), client),
      onConnectToEmpty: (start, flow, client) => onQuickAdd({ flow, client, wire: start }),
      onReconnect: (edgeId, target, client) => {
        const edge = view.graph.edges.find((candidate) => candidate.id === edgeId);
        if (!edge || target === null || target === edge.target) return;
        const end = view.graph.steps.find((entry) => entry.name === edge.target);
        const ports = (end ? infoOf(catalog, end)?.ports : undefined) ?? [];
        const wire = view.edges.find((candidate) => candidate.id === edgeId);
        const before = scene();
        const { choices, reason } = wireChoices(before, {
          source: edge.source,
          port: wire?.sourcePort ?? OUT,
          target,
        });
        const best = clearChoice(choices) ?? choices[0];
        if (!best) return commands.tell(reason ?? 'The wire cannot end there.');
        store.getState().run((documents) => {
          const cut = disconnectEdge(documents, edge, ports);
          const definition = applyPatch(documents.definition, cut.definition).document;
          const after = { ...before, documents: { ...documents, definition } };
          const again = wireChoices(
            { ...after, graph: before.graph },
            { source: edge.source, port: wire?.sourcePort ?? OUT, target },
          );
          const drawn = (again.choices.find((choice) => choice.id === best.id) ?? best).make();
          return {
            ...joined(cut, drawn),
            name: 'reconnect',
            label: `Move wire of ${edge.source} to ${target}`,
          };
        });
        void client;
      },
      onDrop: (id, flow) => {
        const entry = paletteEntries(catalog).find((candidate) => candidate.id === id);
        if (entry) commands.addAt(entry, flow);
      },
      onDropFiles: (files, flow) => bringFiles(files, flow),
      onEmptyDoubleClick: (flow, client) => onQuickAdd({ flow, client, wire: null }),
    };
  }, [scene, store, view, catalog, targets, choose, commands, onQuickAdd, bringFiles]);

  const select = useCallback(
    (steps: string[], edges: string[]) => store.getState().select(steps, edges),
    [store],
  );

  return (
    <Canvas
      label={`Pipeline ${pipeline.name}`}
      nodes={view.nodes}
      edges={view.edges}
      selected={selected}
      selectedEdges={selectedEdges}
      onSelect={select}
      onOpen={onOpenStep}
      sources={sources}
      viewportKey={pipeline.id}
      reveal={reveal}
      {...(readOnly ? {} : { editing, onTidy: commands.tidy })}
    >
      {view.nodes.length === 0 ? (
        <EmptyCanvas commands={commands} onQuickAdd={onQuickAdd} onJson={onJson} />
      ) : null}
      {choosing ? (
        <ChoiceMenu
          {...choosing}
          onChoose={(choice) => {
            setChoosing(null);
            store.getState().run(() => choice.make());
          }}
          onClose={() => setChoosing(null)}
        />
      ) : null}
      {quickAdd ? <QuickAdd at={quickAdd} commands={commands} onClose={() => onQuickAdd(null)} /> : null}
    </Canvas>
  );
}

/** May a wire from here end there, for forward and backward drags. */
function verdictFor(scene: Scene, start: WireStart): (target: string) => { ok: boolean; reason: string } {
  const byName = new Map(scene.graph.steps.map((entry) => [entry.name, entry]));
  const gone = { ok: false, reason: 'That step is gone.' };
  if (start.port !== IN) {
    const judge = endings(scene, start);
    return (name) => {
      const entry = byName.get(name);
      return entry ? judge(entry) : gone;
    };
  }
  const end = byName.get(start.step);
  return (name) => {
    const entry = byName.get(name);
    if (!entry || !end) return gone;
    const ports = outputs(entry.step, infoOf(scene.catalog, entry));
    return endings(scene, { step: name, port: ports.length > 0 ? OUT : 'after' })(end);
  };
}
