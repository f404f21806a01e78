import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath } from '@xyflow/react';
import { memo, useContext, useState } from 'react';
import { AFTER, type CanvasEdge } from '@/pipeline/view';
import { DetailContext } from './detail';
import type { WireFlowEdge } from './geometry';
import { CanvasSourcesContext, SILENT, useKeyed, useWireState } from './sources';
import styles from './wire.module.css';
import { betweenColumns, CURVATURE, laneCurves, pathOf } from './wire-shape';

/** Labels longer than this wait for the pointer: long ones would cover the canvas. */
const SHORT_LABEL = 14;
/** What flowed is told above the steps beside the wire, not over them. */
const CLEAR = 48;

/** A wire: solid for data, dashed for order only, dashed red on failure, dotted for always. */
export const Wire = memo(function Wire(props: EdgeProps<WireFlowEdge>) {
  const state = useWireState(props.id);
  const near = useContext(DetailContext) === 'near';
  const { flows } = useContext(CanvasSourcesContext);
  const [pointed, setPointed] = useState(false);
  const wire = props.data?.wire;
  const [path, labelX, labelY] = shapeOf(props);
  const label = wire?.label ?? '';
  const always = label.length <= SHORT_LABEL && wire?.kind !== 'data';
  const flow = useKeyed<string>(pointed || props.selected ? flows : SILENT, props.id);
  const words = [always || pointed || props.selected ? label : '', flow].filter(Boolean).join(' · ');
  return (
    <g onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
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
      {near && words ? (
        <EdgeLabelRenderer>
          <span
            className={[styles.label, state === 'untaken' ? styles.faint : '', flow ? styles.flow : ''].join(
              ' ',
            )}
            role={flow ? 'tooltip' : undefined}
            style={{
              transform: `translate(-50%, -50%) translate(${labelX}px, ${labelY - (flow ? CLEAR : 0)}px)`,
            }}
          >
            {words}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </g>
  );
});

/** The wire's path and the place of its label. While an end is dragged past the lane, the wire takes the plain way. */
function shapeOf(props: EdgeProps<WireFlowEdge>): [string, number, number] {
  const { sourceX, sourceY, targetX, targetY, data } = props;
  const [first, last] = [data?.lane?.[0], data?.lane?.at(-1)];
  if (!data?.lane || !first || !last || first.left < sourceX || last.right > targetX) {
    const [path, labelX, labelY] = getBezierPath({ ...props, curvature: CURVATURE });
    return [path, labelX, labelY];
  }
  const down = data.wire.sourcePort === AFTER;
  const curves = laneCurves({ x1: sourceX, y1: sourceY, x2: targetX, y2: targetY, down }, data.lane);
  return [pathOf(curves), ...betweenColumns(curves, down)];
}

function kindClass(wire: CanvasEdge): string {
  if (wire.trigger === 'Failed' || wire.trigger === 'Stopped') return styles.failure ?? '';
  if (wire.trigger === 'Any') return styles.always ?? '';
  if (wire.kind === 'order') return styles.order ?? '';
  return wire.trigger === 'else' ? (styles.failure ?? '') : '';
}
