import { Panel, type ReactFlowState, useReactFlow, useStore } from '@xyflow/react';
import styles from './canvas.module.css';

const percent = (state: ReactFlowState) => Math.round(state.transform[2] * 100);

interface Props {
  onFit(): void;
  onTidy: (() => Promise<void>) | undefined;
}

/** Zoom out, 100 %, in, fit, and tidy where the canvas may be rearranged. */
export function ZoomBar({ onFit, onTidy }: Props) {
  const flow = useReactFlow();
  const zoom = useStore(percent);
  return (
    <Panel position="bottom-left">
      <div className={styles.bar} role="toolbar" aria-label="View">
        <button type="button" aria-label="Zoom out" onClick={() => void flow.zoomOut({ duration: 100 })}>
          −
        </button>
        <button
          type="button"
          aria-label={`Zoom ${zoom} %, back to 100 %`}
          onClick={() => void flow.zoomTo(1, { duration: 150 })}
        >
          {zoom} %
        </button>
        <button type="button" aria-label="Zoom in" onClick={() => void flow.zoomIn({ duration: 100 })}>
          +
        </button>
        <button type="button" onClick={onFit}>
          Fit
        </button>
        {onTidy ? (
          <button type="button" onClick={() => void onTidy()}>
            Tidy
          </button>
        ) : null}
      </div>
    </Panel>
  );
}
