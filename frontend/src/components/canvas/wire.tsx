import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo, useContext } from 'react';
import type { CanvasEdge } from '@/pipeline/view';
import { DetailContext } from './detail';
import type { WireFlowEdge } from './geometry';
import { useWireState } from './sources';
import styles from './wire.module.css';

/** Labels longer than this wait for the pointer: long ones would cover the canvas. */
const SHORT_LABEL = 14;

/** A wire: solid for data, dashed for order only, dashed red on failure, dotted for always. */
export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const state = useWireState(props.id);
  const near = useContext(DetailContext) === 'near';
  const wire = props.data?.wire;
  const [path, labelX, labelY] = getBezierPath({ ...props, curvature: 0.3 });
  const label = wire?.label ?? '';
  const always = label.length <= SHORT_LABEL && wire?.kind !== 'data';
  return (
    <>
      <BaseEdge
        id={props.id}
        path={path}
        interactionWidth={near ? 16 : 0}
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
