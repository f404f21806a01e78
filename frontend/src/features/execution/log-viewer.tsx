import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { rawLogUrl } from '@/api/execution-steps';
import { search } from '@/execution/log-buffer';
import { isTerminalStep, type StepRow } from '@/execution/types';
import { formatBytes } from '@/lib/format';
import { readStored, writeStored } from '@/lib/stored';
import { ActionError } from './action-error';
import { useAttemptLog } from './attempt-log';
import { useLive } from './live';
import { LogBar } from './log-bar';
import { LogLine } from './log-line';
import styles from './log-viewer.module.css';

const LINE = 20;
const NEAR_END = 24;

const isFlag = (value: unknown): value is boolean => typeof value === 'boolean';

/** One attempt's log: follows the end until the reader scrolls up; any number of lines, only those in view are drawn. */
export function LogViewer({ row, attempt }: { row: StepRow; attempt: number }) {
  const { executionId } = useLive();
  const log = useAttemptLog(row, attempt);
  const scroller = useRef<HTMLDivElement>(null);
  const [needle, setNeedle] = useState('');
  const [match, setMatch] = useState(0);
  const [wrap, setWrap] = useState(() => readStored('log-wrap', isFlag) ?? true);
  const [marked, setMarked] = useState<number | null>(null); // the line the eye should find
  const [seen, setSeen] = useState<number | null>(null); // lines when the reader scrolled up; null while following
  const count = log.lines.length;
  // The array grows in place, so its length is its version.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `count` stands for the lines
  const found = useMemo(() => search(log.lines, needle), [log.lines, count, needle]);
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 30,
  });
  const running = !isTerminalStep(row.status) && attempt === row.attempt;

  const failed = row.status === 'Failed' && attempt === row.attempt;
  const placed = useRef(false);
  useEffect(() => {
    if (count === 0) return;
    if (failed && log.caughtUp && !placed.current) {
      // The log of a failed step opens where it first tells of an error.
      placed.current = true;
      setSeen(count);
      setMarked(log.buffer.firstError());
      virtual.scrollToIndex(log.buffer.firstError(), { align: 'center' });
    } else if (seen === null) {
      virtual.scrollToIndex(count - 1, { align: 'end' });
    }
  }, [count, seen, virtual, failed, log.caughtUp, log.buffer]);

  const showMatch = (index: number) => {
    const line = found[index];
    if (line === undefined) return;
    setMatch(index);
    setSeen(count);
    virtual.scrollToIndex(line, { align: 'center' });
  };
  const current = needle === '' ? marked : found[match];

  return (
    <div className={styles.viewer}>
      <LogBar
        needle={needle}
        onNeedle={(next) => {
          setNeedle(next);
          setMatch(0);
        }}
        found={found.length}
        match={match}
        onMatch={showMatch}
        wrap={wrap}
        onWrap={(next) => {
          writeStored('log-wrap', next);
          setWrap(next);
        }}
        lines={log.lines}
        rawUrl={rawLogUrl(executionId, row.name, row.iteration, attempt)}
      />
      {log.error ? <ActionError error={log.error} /> : null}
      <div
        ref={scroller}
        className={wrap ? `${styles.lines} ${styles.wrap}` : styles.lines}
        role="log"
        aria-live="off"
        aria-label={`Log of ${row.name}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END;
          if (atEnd) setSeen(null);
        }}
        onWheel={(event) => {
          if (event.deltaY < 0 && seen === null) setSeen(count);
        }}
        onTouchMove={() => {
          if (seen === null) setSeen(count);
        }}
        onKeyDown={(event) => {
          if (['ArrowUp', 'PageUp', 'Home'].includes(event.key) && seen === null) setSeen(count);
        }}
      >
        {count === 0 && log.caughtUp ? (
          <p className={styles.empty}>{running ? 'Nothing printed yet.' : 'It printed nothing.'}</p>
        ) : null}
        <div className={styles.space} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => (
            <div
              key={item.key}
              ref={wrap ? virtual.measureElement : undefined}
              data-index={item.index}
              className={item.index === current ? `${styles.line} ${styles.current}` : styles.line}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <LogLine text={log.lines[item.index] ?? ''} needle={needle} />
            </div>
          ))}
        </div>
      </div>
      <footer className={styles.foot}>
        <span role="status">
          {running && seen === null ? 'Following · ' : ''}
          {count === 1 ? '1 line' : `${count.toLocaleString('en-US')} lines`}
        </span>
        {log.truncated ? (
          <span>
            The middle was left out{log.rawBytes ? `: ${formatBytes(log.rawBytes)} were printed` : ''}
          </span>
        ) : null}
        {seen !== null && running ? (
          <button type="button" className={styles.jump} onClick={() => setSeen(null)}>
            Jump to latest{count > seen ? ` (${count - seen} new)` : ''}
          </button>
        ) : null}
      </footer>
    </div>
  );
}
