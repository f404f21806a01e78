import { useNavigate, useSearch } from '@tanstack/react-router';
import { PanelLeftOpen, PanelRightOpen } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { Page } from '@/components/ui/page';
import { useNarrow } from '@/lib/use-narrow';
import { GRID } from '@/pipeline/layout';
import type { CanvasView } from '@/pipeline/view';
import { editorCommands } from './commands';
import { ConnectTo } from './connect-to';
import { ArrivedDialog } from './dialogs/arrived-dialog';
import { ConflictDialog } from './dialogs/conflict-dialog';
import { DeleteDialog } from './dialogs/delete-dialog';
import { ParametersSheet } from './dialogs/parameters-sheet';
import { PublishDialog } from './dialogs/publish-dialog';
import { RunDialog } from './dialogs/run-dialog';
import { ShortcutSheet } from './dialogs/shortcut-sheet';
import { EditorBar } from './editor-bar';
import { EditorCanvas } from './editor-canvas';
import { useDerivedView, useEditor, useScene, ViewContext } from './editor-context';
import styles from './editor-frame.module.css';
import { Inspector } from './inspector/inspector';
import { OfflineBanner } from './offline-banner';
import { Palette } from './palette';
import { usePanels } from './panel-sizes';
import { Dock, type DockTab } from './panels/dock';
import type { QuickAddAt } from './quick-add';
import { ReadinessDialog } from './readiness/readiness-dialog';
import { TourBar } from './tour/tour-bar';
import { useAddressProblems } from './use-address-problems';
import { useArrivals } from './use-arrivals';
import { useColumnProblems } from './use-column-problems';
import { useShortcuts } from './use-shortcuts';

type DialogName = 'parameters' | 'publish' | 'run' | 'keys' | 'connect' | 'readiness' | 'arrived' | null;

/** The editor around one open draft: palette, canvas, inspector, dock, and the dialogs. */
export function EditorFrame({ onReload }: { onReload(): void }) {
  const view = useDerivedView();
  return (
    <ViewContext.Provider value={view}>
      <FramedEditor view={view} onReload={onReload} />
    </ViewContext.Provider>
  );
}

function FramedEditor({ view, onReload }: { view: CanvasView; onReload(): void }) {
  const scene = useScene();
  const { store, readOnly, session } = scene;
  const navigate = useNavigate();
  const narrow = useNarrow();
  const save = useEditor((state) => state.save);
  const arrived = useEditor((state) => state.arrivedVersion);
  useColumnProblems();
  useAddressProblems();
  useArrivals(onReload);
  const current = useRef(view);
  current.current = view;
  const commands = useMemo(() => editorCommands(scene, () => current.current), [scene]);
  const { dock: asked } = useSearch({ from: '/signed-in/pipelines/$id' });
  const [dialog, setDialog] = useState<DialogName>(asked === 'readiness' ? 'readiness' : null);
  const [quickAdd, setQuickAdd] = useState<QuickAddAt | null>(null);
  const [deleting, setDeleting] = useState(false);
  const [dockTab, setDockTab] = useState<DockTab>('problems');
  const [dockOpen, setDockOpen] = useState(!narrow);
  const [paletteOpen, setPaletteOpen] = useState(!narrow);
  const [inspectorOpen, setInspectorOpen] = useState(!narrow);
  const { palette, inspector, dock, sizes, remember, onLayoutChanged } = usePanels();
  const close = useCallback(() => setDialog(null), []);

  const showInspector = useCallback(() => {
    inspector.current?.expand();
    setInspectorOpen(true);
    remember();
  }, [inspector, remember]);
  const showDock = useCallback(
    (tab: DockTab) => {
      setDockTab(tab);
      setDockOpen(true);
      dock.current?.resize(DOCK_HEIGHT);
      remember();
    },
    [dock, remember],
  );
  const hideDock = useCallback(() => {
    setDockOpen(false);
    dock.current?.resize(DOCK_CLOSED);
    remember();
  }, [dock, remember]);

  const remove = useCallback(() => {
    if (usesOf(current.current, store.getState().selected).length > 0) setDeleting(true);
    else commands.remove();
  }, [store, commands]);
  const confirmed = useMemo(() => ({ ...commands, remove }), [commands, remove]);

  const pointer = useRef({ x: innerWidth / 2, y: innerHeight / 2 });
  useEffect(() => {
    const follow = (event: PointerEvent) => {
      pointer.current = { x: event.clientX, y: event.clientY };
    };
    window.addEventListener('pointermove', follow, { passive: true });
    return () => window.removeEventListener('pointermove', follow);
  }, []);

  useEffect(() => {
    if (save.kind === 'saved') return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [save.kind]);

  const actions = store.getState();
  useShortcuts(
    readOnly
      ? { help: () => setDialog('keys') }
      : {
          undo: actions.undo,
          redo: actions.redo,
          copy: commands.copy,
          cut: () => {
            commands.copy();
            remove();
          },
          paste: () => void commands.paste(),
          'paste-wired': () => void commands.paste(true),
          duplicate: commands.duplicate,
          delete: remove,
          'select-all': commands.selectAll,
          publish: () => setDialog('publish'),
          run: () => setDialog('run'),
          search: () => document.querySelector<HTMLInputElement>('[data-palette-search]')?.focus(),
          'quick-add': () => setQuickAdd({ client: pointer.current, flow: null, wire: null }),
          connect: () => store.getState().selected.length === 1 && setDialog('connect'),
          rename: () => {
            showInspector();
            // An inspector that was hidden has its field only after the next frame.
            if (!selectStepName()) requestAnimationFrame(selectStepName);
          },
          tidy: commands.tidy,
          'nudge-left': () => commands.nudge(-GRID, 0),
          'nudge-right': () => commands.nudge(GRID, 0),
          'nudge-up': () => commands.nudge(0, -GRID),
          'nudge-down': () => commands.nudge(0, GRID),
          help: () => setDialog('keys'),
        },
  );

  const canvas = (
    <EditorCanvas
      onJson={() => showDock('json')}
      commands={confirmed}
      quickAdd={quickAdd}
      onQuickAdd={setQuickAdd}
      onOpenStep={showInspector}
    />
  );
  return (
    <Page
      bar={
        <>
          <EditorBar
            onParameters={() => setDialog('parameters')}
            onPublish={() => setDialog('publish')}
            onRun={() => setDialog('run')}
            onProblems={() => showDock('problems')}
            onKeys={() => setDialog('keys')}
            onReadiness={() => setDialog('readiness')}
            onArrived={() => setDialog('arrived')}
          />
          <OfflineBanner />
          {narrow || readOnly ? null : <TourBar user={session.user.username} />}
        </>
      }
    >
      {narrow ? (
        canvas
      ) : (
        <Group
          orientation="horizontal"
          className={styles.columns}
          resizeTargetMinimumSize={GRIP}
          onLayoutChanged={onLayoutChanged}
        >
          {readOnly ? null : (
            <>
              <Panel
                id="palette"
                panelRef={palette}
                defaultSize={`${sizes.palette}px`}
                minSize="180px"
                maxSize="420px"
                collapsible
                collapsedSize="0px"
                groupResizeBehavior="preserve-pixel-size"
                onResize={(size) => setPaletteOpen(size.inPixels > 0)}
              >
                <Palette onAdd={commands.add} />
              </Panel>
              <Separator className={styles.separator} aria-label="Width of the palette" />
            </>
          )}
          <Panel id="middle" minSize="320px">
            <Group orientation="vertical" resizeTargetMinimumSize={GRIP} onLayoutChanged={onLayoutChanged}>
              <Panel id="stage" minSize="160px" className={styles.canvas}>
                {canvas}
                {paletteOpen || readOnly ? null : (
                  <button
                    type="button"
                    className={styles.openLeft}
                    aria-label="Show steps"
                    onClick={() => {
                      palette.current?.expand();
                      remember();
                    }}
                  >
                    <PanelLeftOpen size={16} aria-hidden="true" />
                  </button>
                )}
                {inspectorOpen ? null : (
                  <button
                    type="button"
                    className={styles.openRight}
                    aria-label="Show inspector"
                    onClick={showInspector}
                  >
                    <PanelRightOpen size={16} aria-hidden="true" />
                  </button>
                )}
              </Panel>
              <Separator className={styles.separatorFlat} aria-label="Height of the details" />
              <Panel
                id="dock"
                panelRef={dock}
                defaultSize={`${sizes.dock}px`}
                minSize={DOCK_CLOSED}
                maxSize="70%"
                groupResizeBehavior="preserve-pixel-size"
                onResize={(size) => setDockOpen(size.inPixels > 60)}
              >
                <Dock
                  tab={dockTab}
                  open={dockOpen}
                  onTab={showDock}
                  onCollapse={hideDock}
                  onProblem={showInspector}
                />
              </Panel>
            </Group>
          </Panel>
          <Separator className={styles.separator} aria-label="Width of the inspector" />
          <Panel
            id="inspector"
            panelRef={inspector}
            defaultSize={`${sizes.inspector}px`}
            minSize="280px"
            maxSize="640px"
            collapsible
            collapsedSize="0px"
            groupResizeBehavior="preserve-pixel-size"
            onResize={(size) => setInspectorOpen(size.inPixels > 0)}
          >
            <Inspector
              commands={confirmed}
              onCollapse={() => {
                inspector.current?.collapse();
                remember();
              }}
            />
          </Panel>
        </Group>
      )}
      {dialog === 'parameters' ? <ParametersSheet onClose={close} /> : null}
      {dialog === 'keys' ? <ShortcutSheet onClose={close} /> : null}
      {dialog === 'arrived' && arrived !== null ? (
        <ArrivedDialog version={arrived} onTaken={onReload} onClose={close} />
      ) : null}
      {dialog === 'readiness' ? <ReadinessDialog onClose={close} /> : null}
      {dialog === 'connect' ? <ConnectTo onClose={close} /> : null}
      {dialog === 'publish' ? (
        <PublishDialog
          onClose={close}
          onPublished={(version) => {
            store.getState().published(version.number);
            commands.tell(`Published v${version.number}.`);
            close();
          }}
        />
      ) : null}
      {dialog === 'run' ? (
        <RunDialog
          onClose={close}
          onStarted={({ id }) => void navigate({ to: '/executions/$id', params: { id } })}
        />
      ) : null}
      {deleting ? (
        <DeleteDialog
          steps={store.getState().selected}
          uses={usesOf(view, store.getState().selected)}
          onClose={() => setDeleting(false)}
          onConfirm={() => {
            setDeleting(false);
            commands.remove();
          }}
        />
      ) : null}
      {save.kind === 'blocked' ? <ConflictDialog error={save.error} onTakeTheirs={onReload} /> : null}
    </Page>
  );
}

/** How wide a border is to the pointer, in pixels; as drawn in editor-frame.module.css, so that dots beside it stay free. */
const GRIP = { coarse: 20, fine: 7 };
const DOCK_CLOSED = '37px';
const DOCK_HEIGHT = '240px';

/** Put the caret into the name of the selected step; false when it is not shown. */
function selectStepName(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-step-name]');
  field?.select();
  return field !== null;
}

/** Wires from these steps to steps that stay. */
function usesOf(view: CanvasView, steps: readonly string[]) {
  const going = new Set(steps);
  return view.graph.edges.filter(
    (edge) => edge.kind !== 'branch' && going.has(edge.source) && !going.has(edge.target),
  );
}
