import '@xyflow/react/dist/base.css';
import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  ConnectionMode,
  type EdgeChange,
  type FinalConnectionState,
  type NodeChange,
  type OnConnectStartParams,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useReactFlow,
} from '@xyflow/react';
import { type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import { carriesFiles, droppedFiles } from '@/lib/file-drop';
import { GRID, NODE_HEIGHT, NODE_WIDTH, snap } from '@/pipeline/layout';
import type { CanvasEdge, CanvasNode } from '@/pipeline/view';
import { bringIntoView } from './bring-into-view';
import styles from './canvas.module.css';
import { CanvasNavigation } from './canvas-navigation';
import { DetailContext, useDetail } from './detail';
import { FarWires, MANY_WIRES } from './far-wires';
import { useFlowEdges, useFlowNodes } from './flow-items';
import { IN, type StepFlowNode, type WireFlowEdge } from './geometry';
import { useKnownGeometry } from './known-geometry';
import { lanesOf } from './lanes';
import { Measured } from './measured';
import { Overview } from './overview';
import { useReportedSelection } from './selection';
import { type CanvasSources, CanvasSourcesContext, NO_SOURCES } from './sources';
import { StepNode } from './step-node';
import { openingView, type Size, SMALLEST_ZOOM, useSavedViewport, wholeView } from './viewport';
import { Wire } from './wire';
import { ZoomBar } from './zoom-bar';

export interface Point {
  x: number;
  y: number;
}

/** One end of a wire being dragged: from an output of `step`, or backwards from its input. */
export interface WireStart {
  step: string;
  /** The output's id; "in" when the wire is dragged backwards. */
  port: string;
}

/** What an editable canvas reports. A canvas without these is read-only. */
export interface CanvasEditing {
  onMove(moves: { id: string; x: number; y: number }[]): void;
  canConnect(start: WireStart, target: string): boolean;
  onConnect(start: WireStart, target: string, client: Point): void;
  onConnectStart(start: WireStart): void;
  onConnectEnd(): void;
  /** A wire was dropped where no step is. */
  onConnectToEmpty(start: WireStart, flow: Point, client: Point): void;
  /** The end of an existing wire was dropped on another step (null: on the empty canvas). */
  onReconnect(edge: string, target: string | null, client: Point): void;
  /** Something was dragged in from outside; `data` is what the drag carried under STEP_DRAG. */
  onDrop(data: string, flow: Point): void;
  /** Files from the person's computer. */
  onDropFiles?(files: File[], flow: Point): void;
  onEmptyDoubleClick(flow: Point, client: Point): void;
}

/** Data type of a palette drag. */
export const STEP_DRAG = 'application/x-clary-step';

export interface CanvasProps {
  /** Accessible name, for example "Pipeline customer-churn". */
  label: string;
  nodes: readonly CanvasNode[];
  edges: readonly CanvasEdge[];
  selected: readonly string[];
  selectedEdges?: readonly string[];
  onSelect(steps: string[], edges: string[]): void;
  /** Enter or double-click on a step. */
  onOpen?(step: string): void;
  sources?: Partial<CanvasSources>;
  editing?: CanvasEditing;
  onTidy?(): Promise<void>;
  /** Key under which the view (pan and zoom) is remembered in this browser. */
  viewportKey?: string;
  /** Bring this step into view, or all of them for null; a new object asks again. */
  reveal?: { step: string | null } | null;
  /** Drawn over the canvas: empty state, ribbons, popovers. */
  children?: ReactNode;
}

const NODE_TYPES = { step: StepNode };
const EDGE_TYPES = { wire: Wire };
const NO_EDGES: WireFlowEdge[] = [];

/** The pipeline as a graph: the same component shows a draft being edited and an execution being watched. */
export function Canvas(props: CanvasProps) {
  const sources = useMemo(() => ({ ...NO_SOURCES, ...props.sources }), [props.sources]);
  return (
    <ReactFlowProvider>
      <CanvasSourcesContext.Provider value={sources}>
        <DetailLevel>
          <Measured>{(size) => <CanvasSurface {...props} size={size} />}</Measured>
        </DetailLevel>
      </CanvasSourcesContext.Provider>
    </ReactFlowProvider>
  );
}

function DetailLevel({ children }: { children: ReactNode }) {
  useKnownGeometry();
  return <DetailContext.Provider value={useDetail()}>{children}</DetailContext.Provider>;
}

function CanvasSurface(props: CanvasProps & { size: Size }) {
  const { editing, onSelect, onOpen } = props;
  const [nodes, setNodes] = useFlowNodes(props.nodes, props.selected);
  const lanes = useMemo(() => lanesOf(props.nodes, props.edges), [props.nodes, props.edges]);
  const edges = useFlowEdges(props.edges, lanes, props.selectedEdges);
  const together = useContext(DetailContext) !== 'near' && props.edges.length > MANY_WIRES;
  const flow = useReactFlow<StepFlowNode, WireFlowEdge>();
  const start = useRef<WireStart | null>(null);
  const viewport = useSavedViewport(props.viewportKey);
  const [opening] = useState(() => viewport.initial ?? openingView(props.nodes, props.size));
  const [ghost, setGhost] = useState<Point | null>(null);

  const reportSelection = useReportedSelection(props.selected, props.selectedEdges, onSelect);
  const { reveal } = props;
  const surface = useRef<HTMLDivElement>(null);
  const positions = useRef(props.nodes);
  positions.current = props.nodes;
  const { width, height } = props.size;
  useEffect(() => {
    if (viewport.initial) return;
    // Panels around the canvas find their sizes in the same frame; what was measured before may be wrong by then.
    const frame = requestAnimationFrame(() => {
      const found = surface.current?.getBoundingClientRect();
      if (!found || (found.width === width && found.height === height)) return;
      void flow.setViewport(openingView(positions.current, found));
    });
    return () => cancelAnimationFrame(frame);
  }, [viewport.initial, flow, width, height]);
  const showAll = useCallback(() => {
    const room = surface.current?.getBoundingClientRect();
    if (room && positions.current.length > 0)
      void flow.setViewport(wholeView(positions.current, room), { duration: 150 });
  }, [flow]);
  useEffect(() => {
    const step = positions.current.find((node) => node.id === reveal?.step);
    if (step) bringIntoView(flow, step, surface.current?.getBoundingClientRect());
    else if (reveal?.step === null) showAll();
  }, [reveal, flow, showAll]);

  const onNodesChange = useCallback(
    (changes: NodeChange<StepFlowNode>[]) => {
      setNodes((current) => applyNodeChanges(changes, current));
      reportSelection('steps', changes);
    },
    [setNodes, reportSelection],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<WireFlowEdge>[]) => reportSelection('edges', changes),
    [reportSelection],
  );
  const clientOf = (event: MouseEvent | TouchEvent): Point => {
    const touch = 'changedTouches' in event ? event.changedTouches[0] : event;
    return { x: touch?.clientX ?? 0, y: touch?.clientY ?? 0 };
  };
  const finishConnect = (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
    const from = start.current;
    start.current = null;
    editing?.onConnectEnd();
    if (!from || !editing) return;
    const client = clientOf(event);
    const target = state.toHandle?.nodeId ?? stepUnder(client);
    if (target === null) editing.onConnectToEmpty(from, flow.screenToFlowPosition(client), client);
    else if (target !== from.step) editing.onConnect(from, target, client);
  };
  const isValid = (connection: Connection | WireFlowEdge) => {
    const from = start.current;
    if (!from || !editing) return true;
    return editing.canConnect(from, from.port === IN ? connection.source : connection.target);
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the drop target of palette drags; keys live in CanvasNavigation
    <div
      ref={surface}
      className={styles.surface}
      data-testid="canvas"
      onDragOver={(event) => {
        const files = editing?.onDropFiles !== undefined && carriesFiles(event);
        if (!editing || !(files || event.dataTransfer.types.includes(STEP_DRAG))) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy';
        setGhost({ x: event.clientX, y: event.clientY });
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setGhost(null);
      }}
      onDrop={(event) => {
        setGhost(null);
        const data = event.dataTransfer.getData(STEP_DRAG);
        const files = carriesFiles(event) ? droppedFiles(event) : [];
        if (!editing || (data === '' && files.length === 0)) return;
        event.preventDefault();
        const at = underPointer(flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
        if (files.length > 0) editing.onDropFiles?.(files, at);
        else editing.onDrop(data, at);
      }}
      onDoubleClick={(event) => {
        const onPane = (event.target as Element).classList.contains('react-flow__pane');
        const client = { x: event.clientX, y: event.clientY };
        if (onPane) editing?.onEmptyDoubleClick(flow.screenToFlowPosition(client), client);
      }}
    >
      <CanvasNavigation
        label={props.label}
        nodes={props.nodes}
        edges={props.edges}
        selected={props.selected}
        onSelect={onSelect}
        onOpen={onOpen}
        onFit={showAll}
      >
        <ReactFlow<StepFlowNode, WireFlowEdge>
          nodes={nodes}
          edges={together ? NO_EDGES : edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onNodeDoubleClick={(_, node) => onOpen?.(node.id)}
          onNodeDragStop={(_event, _node, dragged) =>
            editing?.onMove(dragged.map((node) => ({ id: node.id, ...node.position })))
          }
          onConnectStart={(_event, params: OnConnectStartParams) => {
            start.current = params.nodeId ? { step: params.nodeId, port: params.handleId ?? IN } : null;
            if (start.current) editing?.onConnectStart(start.current);
          }}
          onConnectEnd={finishConnect}
          isValidConnection={isValid}
          {...(editing
            ? {
                onReconnectEnd: (
                  event: MouseEvent | TouchEvent,
                  edge: WireFlowEdge,
                  _: unknown,
                  state: FinalConnectionState,
                ) => {
                  const client = clientOf(event);
                  editing.onReconnect(edge.id, state.toHandle?.nodeId ?? stepUnder(client), client);
                },
              }
            : {})}
          edgesReconnectable={editing !== undefined}
          nodesDraggable={editing !== undefined}
          nodesConnectable={editing !== undefined}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={['Control', 'Meta']}
          selectionMode={SelectionMode.Partial}
          connectionMode={ConnectionMode.Strict}
          connectionRadius={24}
          connectOnClick={false}
          panActivationKeyCode="Space"
          panOnScroll
          zoomOnDoubleClick={false}
          snapToGrid
          snapGrid={[GRID, GRID]}
          nodeDragThreshold={3}
          onlyRenderVisibleElements
          elevateNodesOnSelect={false}
          minZoom={SMALLEST_ZOOM}
          maxZoom={2}
          defaultViewport={opening}
          onMoveEnd={(_event, view) => viewport.save(view)}
          proOptions={{ hideAttribution: true }}
        >
          <Background variant={BackgroundVariant.Dots} gap={GRID} size={1.4} color="var(--dot)" />
          {together ? <FarWires nodes={props.nodes} edges={props.edges} lanes={lanes} /> : null}
          <Overview count={props.nodes.length} />
          <ZoomBar onFit={showAll} onTidy={props.onTidy} />
          {ghost ? <Ghost client={ghost} /> : null}
        </ReactFlow>
        {props.children}
      </CanvasNavigation>
    </div>
  );
}

/** The top left corner of a step whose middle is at the pointer. */
function underPointer(flow: Point): Point {
  return { x: snap(flow.x - NODE_WIDTH / 2), y: snap(flow.y - NODE_HEIGHT / 2) };
}

/** The step below a point of the window, if any. */
function stepUnder(client: Point): string | null {
  const element = document.elementFromPoint(client.x, client.y)?.closest('.react-flow__node');
  return element?.getAttribute('data-id') ?? null;
}

/** Where a step dragged in from the palette would land, snapped to the grid. */
function Ghost({ client }: { client: Point }) {
  const flow = useReactFlow();
  const at = underPointer(flow.screenToFlowPosition(client));
  const { x, y, zoom } = flow.getViewport();
  return (
    <div
      className={styles.ghost}
      style={{ transform: `translate(${at.x * zoom + x}px, ${at.y * zoom + y}px) scale(${zoom})` }}
    />
  );
}
