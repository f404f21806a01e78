import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
  type ReactFlowState,
  useStore,
} from '@xyflow/react';
import { memo } from 'react';
import type { CanvasEdge } from '@/pipeline/view';
import type { WireFlowEdge } from './geometry';
import { useWireState } from './sources';
import { DETAIL_ZOOM } from './step-node';
import styles from './wire.module.css';

/** Labels longer than this wait for the pointer: long ones would cover the canvas. */
const SHORT_LABEL = 14;
const isNear = (state: ReactFlowState) => state.transform[2] >= DETAIL_ZOOM;

/** A wire: solid for data, dashed for order only, dashed red on failure, dotted for always. */
export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const state = useWireState(props.id);
  const near = useStore(isNear);
  const wire = props.data?.wire;
  const [path, labelX, labelY] = getBezierPath({ ...props, curvature: 0.3 });
  const label = wire?.label ?? '';
  const always = label.length <= SHORT_LABEL && wire?.kind !== 'data';
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={16}
        className={[
          styles.wire,
          near ? '' : styles.far,
          wire ? kindClass(wire) : '',
          wire?.quiet && !props.selected ? styles.quiet : '',
          state ? styles[state] : '',
          props.selected ? styles.selected : '',
        ]
          .filter(Boolean)
          .join(' ')}
      />
      {near && label && (always || props.selected) ? (
        <EdgeLabelRenderer>
          <span
            className={`${styles.label} ${state === 'untaken' ? styles.faint : ''}`}
            style={{ transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY}px)` }}
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
});

function kindClass(wire: CanvasEdge): string {
  if (wire.trigger === 'Failed' || wire.trigger === 'Stopped') return styles.failure ?? '';
  if (wire.trigger === 'Any') return styles.always ?? '';
  if (wire.kind === 'order') return styles.order ?? '';
  return wire.trigger === 'else' ? (styles.failure ?? '') : '';
}
