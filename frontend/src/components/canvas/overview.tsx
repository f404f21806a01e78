import { MiniMap } from '@xyflow/react';
import { useContext } from 'react';
import { statusTone } from '@/execution/status';
import styles from './canvas.module.css';
import type { StepFlowNode } from './geometry';
import { CanvasSourcesContext } from './sources';

/** Above this many steps the minimap costs more than it helps. */
const MAX_STEPS = 1500;

export function Overview({ count }: { count: number }) {
  const { statuses } = useContext(CanvasSourcesContext);
  if (count === 0 || count > MAX_STEPS) return null;
  const color = (node: StepFlowNode) => {
    const status = statuses.get(node.id);
    return status && status.kind !== 'waiting' ? `var(--${statusTone(status.kind)})` : 'var(--line-strong)';
  };
  return (
    <MiniMap<StepFlowNode>
      className={styles.overview}
      style={{ width: 160, height: 96 }}
      nodeColor={color}
      nodeStrokeWidth={0}
      nodeBorderRadius={12}
      maskColor="transparent"
      maskStrokeColor="var(--brand)"
      maskStrokeWidth={1.5}
      bgColor="var(--panel)"
      offsetScale={8}
      pannable
      zoomable
      ariaLabel="Overview of the canvas"
    />
  );
}
