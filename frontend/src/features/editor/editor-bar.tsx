import { Button, Menu, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CloudDownload, Ellipsis, Play, Redo2, TriangleAlert, Undo2 } from 'lucide-react';
import { exportAddress } from '@/api/pipelines';
import { Chip, ChipButton } from '@/components/ui/chip';
import { IconButton } from '@/components/ui/icon-button';
import { pipelineTabs } from '@/components/ui/pipeline-tabs';
import { TabsBar } from '@/components/ui/tabs-bar';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import styles from './editor-bar.module.css';
import { useEditor, useScene, useView } from './editor-context';
import { SaveChip } from './save-chip';

interface Props {
  onParameters(): void;
  onPublish(): void;
  onRun(): void;
  onProblems(): void;
  onKeys(): void;
  onReadiness(): void;
  onArrived(): void;
}

/** Where we are, whether it is saved, what is wrong, and Run. */
export function EditorBar(props: Props) {
  const { pipeline, session, readOnly } = useScene();
  return (
    <TopBar
      left={
        <>
          <Crumbs>
            <Link to="/pipelines" className={styles.wide}>
              {session.workspace.name}
            </Link>
            <span className={styles.wide}>/</span>
            <b title={pipeline.name}>{pipeline.display_name || pipeline.name}</b>
          </Crumbs>
          <span className={styles.wide}>
            <DraftChip onArrived={props.onArrived} />
          </span>
          {readOnly ? (
            <Chip title={`Your role here is ${session.role}: you can look, but not change it.`}>
              Read only
            </Chip>
          ) : (
            <SaveChip />
          )}
        </>
      }
      center={<TabsBar label="Pipeline" tabs={pipelineTabs(pipeline.id, 'Edit')} />}
      right={<Actions {...props} />}
    />
  );
}

function DraftChip({ onArrived }: { onArrived(): void }) {
  const base = useEditor((state) => state.baseVersion);
  const changes = useEditor((state) => state.changesSinceVersion);
  const arrived = useEditor((state) => state.arrivedVersion);
  if (base === null) return <Chip tone="brand">Draft · not published yet</Chip>;
  if (changes === 0) return <Chip tone="brand">v{base}</Chip>;
  const since = `${changes} ${changes === 1 ? 'change' : 'changes'} since v${base}`;
  if (arrived === null) return <Chip tone="brand">Draft · {since}</Chip>;
  return (
    <ChipButton tone="warn" icon={<CloudDownload size={13} aria-hidden="true" />} onClick={onArrived}>
      {since} · v{arrived} arrived
    </ChipButton>
  );
}

function Actions({ onParameters, onPublish, onRun, onProblems, onKeys, onReadiness }: Props) {
  const { store, pipeline, readOnly, session } = useScene();
  const problems = useEditor((state) => state.problems);
  const canUndo = useEditor((state) => state.history.past.at(-1)?.edit.label ?? state.remote.undo);
  const canRedo = useEditor((state) => state.history.future[0]?.edit.label ?? state.remote.redo);
  const errors = problems.filter((problem) => problem.severity === 'error');
  const mayRun = session.role !== 'viewer';
  const shown = problems.filter((problem) => problem.severity !== 'info').length;
  const empty =
    useView().graph.steps.length === 0 ? 'There is nothing to run yet. Add a step first.' : undefined;
  const why = mayRun ? (errors[0]?.message ?? empty) : 'Your role may look, not run.';
  return (
    <>
      {shown > 0 ? (
        <ChipButton
          tone={errors.length > 0 ? 'bad' : 'warn'}
          icon={<TriangleAlert size={13} aria-hidden="true" />}
          onClick={onProblems}
        >
          {shown} {shown === 1 ? 'problem' : 'problems'}
        </ChipButton>
      ) : null}
      {readOnly ? null : (
        <span className={styles.pair}>
          <IconButton
            disabled={!canUndo}
            aria-label="Undo"
            title={canUndo ? `Undo: ${canUndo}` : 'Nothing to undo'}
            onClick={() => store.getState().undo()}
          >
            <Undo2 size={16} aria-hidden="true" />
          </IconButton>
          <IconButton
            disabled={!canRedo}
            aria-label="Redo"
            title={canRedo ? `Redo: ${canRedo}` : 'Nothing to redo'}
            onClick={() => store.getState().redo()}
          >
            <Redo2 size={16} aria-hidden="true" />
          </IconButton>
        </span>
      )}
      <Button variant="subtle" className={`${styles.quiet} ${styles.wide}`} onClick={onParameters}>
        Parameters
      </Button>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <IconButton aria-label="More">
            <Ellipsis size={16} aria-hidden="true" />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onParameters}>Parameters</Menu.Item>
          <Menu.Item onClick={onReadiness}>Readiness</Menu.Item>
          <Menu.Item component="a" href={exportAddress(pipeline.id, false)} download>
            Export JSON
          </Menu.Item>
          <Menu.Item component="a" href={exportAddress(pipeline.id, true)} download>
            Export JSON with layout
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item onClick={onKeys}>Keys</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {readOnly ? null : (
        <Button className={styles.wide} onClick={onPublish}>
          Publish
        </Button>
      )}
      <Tooltip label={why} disabled={!why} multiline w={280}>
        <Button
          variant="filled"
          leftSection={<Play size={13} fill="currentColor" aria-hidden="true" />}
          data-disabled={why ? true : undefined}
          aria-disabled={why ? true : undefined}
          data-tour="run"
          onClick={() => (why ? onProblems() : onRun())}
        >
          Run
        </Button>
      </Tooltip>
    </>
  );
}
