import { Handle, type NodeProps, Position } from '@xyflow/react';
import { memo, useContext } from 'react';
import { statusTone } from '@/execution/status';
import { AFTER, type CanvasNode } from '@/pipeline/view';
import { familyLook } from '../theme/families';
import { libraryIcon } from '../theme/library-icons';
import { FamilyTile } from '../ui/family-tile';
import { DetailContext } from './detail';
import { IN, portTop, type StepFlowNode } from './geometry';
import { CanvasSourcesContext, type NodeStatus, useKeyed, useNodeStatus } from './sources';
import { StatusSlot } from './status-slot';
import styles from './step-node.module.css';

/** A step on the canvas: family tile, name, type and one fact, status. */
export const StepNode = memo(function StepNode({ data, selected, isConnectable }: NodeProps<StepFlowNode>) {
  const { step } = data;
  const detail = useContext(DetailContext);
  const far = detail !== 'near';
  const sources = useContext(CanvasSourcesContext);
  const status = useNodeStatus(step.id);
  const problems = useKeyed(sources.problems, step.id);
  const target = useKeyed(sources.targets, step.id);
  const classes = [
    far ? styles.block : styles.node,
    selected ? styles.selected : '',
    status ? (styles[status.kind] ?? '') : '',
    target ? (target.ok ? styles.welcome : styles.refused) : '',
    step.known ? '' : styles.unknown,
  ];
  return (
    <div
      className={classes.join(' ')}
      title={target && !target.ok ? target.reason : undefined}
      style={
        far ? { background: familyLook(step.family).soft, color: familyLook(step.family).color } : undefined
      }
      data-testid={`step-${step.id}`}
      data-status={status?.kind}
    >
      {far ? (
        <FarStep step={step} status={status} icon={detail === 'far'} />
      ) : (
        <NearStep step={step} status={status} />
      )}
      {problems && (problems.errors > 0 || problems.warnings > 0) ? (
        <span className={problems.errors > 0 ? styles.errors : styles.warnings} aria-hidden="true">
          {problems.errors || problems.warnings}
        </span>
      ) : null}
      {far ? null : <Ports step={step} connectable={isConnectable} />}
    </div>
  );
});

function NearStep({ step, status }: { step: CanvasNode; status: NodeStatus | undefined }) {
  return (
    <>
      <FamilyTile family={step.family} icon={step.icon} size="medium" />
      <span className={styles.words}>
        <b title={step.id}>{step.id}</b>
        {status?.figure ? (
          <small
            className={status.kind === 'failed' ? styles.cause : styles.figure}
            title={status.figureWhole ?? status.figure}
          >
            {status.figure}
          </small>
        ) : (
          <small title={wordsOf(step)}>{status ? step.typeTitle : wordsOf(step)}</small>
        )}
      </span>
      {status ? <StatusSlot status={status} /> : null}
      {status?.progress == null ? null : (
        <span className={styles.bar}>
          <i style={{ width: `${Math.round(Math.min(1, Math.max(0, status.progress)) * 100)}%` }} />
        </span>
      )}
    </>
  );
}

function FarStep({
  step,
  status,
  icon,
}: {
  step: CanvasNode;
  status: NodeStatus | undefined;
  icon: boolean;
}) {
  const Icon = libraryIcon(step.icon) ?? familyLook(step.family).icon;
  return (
    <>
      {icon ? <Icon size={34} strokeWidth={1.75} aria-hidden="true" /> : null}
      {status ? (
        <span className={styles.dot} style={{ background: `var(--${statusTone(status.kind)})` }} />
      ) : null}
    </>
  );
}

function Ports({ step, connectable }: { step: CanvasNode; connectable: boolean }) {
  return (
    <>
      <Handle
        id={IN}
        type="target"
        position={Position.Left}
        isConnectable={connectable}
        className={styles.port}
      />
      {step.outputs.map((port, index) => (
        <Handle
          key={port.id}
          id={port.id}
          type="source"
          position={Position.Right}
          isConnectable={connectable}
          className={styles.port}
          // The node's border is one pixel of the height that port places are counted in.
          style={{ top: portTop(index, step.outputs.length) - 1 }}
          title={port.label || undefined}
          data-kind={port.kind}
        />
      ))}
      {step.canLead ? (
        <Handle
          id={AFTER}
          type="source"
          position={Position.Bottom}
          isConnectable={connectable}
          className={`${styles.port} ${styles.after}`}
          title="Run after (order only)"
        />
      ) : null}
    </>
  );
}

/** What stands below the name while nothing runs. A ready-made step's icon already says which one it is. */
function wordsOf(step: CanvasNode): string {
  if (!step.fact) return step.typeTitle;
  return step.icon ? step.fact : `${step.typeTitle} · ${step.fact}`;
}
