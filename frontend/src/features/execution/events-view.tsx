import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { EventFrame } from '@/execution/types';
import { formatAbsolute } from '@/lib/format';
import styles from './events-view.module.css';
import { useHistory } from './live';
import { usePlace } from './location';

const ROW = 30;

/** The append-only log of the execution, as it was recorded. */
export function EventsView() {
  const history = useHistory();
  const [needle, setNeedle] = useState('');
  const { place, go } = usePlace();
  const scroller = useRef<HTMLDivElement>(null);
  const wanted = needle.toLowerCase();
  const events = wanted === '' ? history : history.filter((event) => wordsOf(event).includes(wanted));
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });
  return (
    <section className={styles.view} aria-label="Events">
      <div className={styles.bar}>
        <input
          type="search"
          aria-label="Filter events"
          placeholder="Filter by step, event or text"
          value={needle}
          onChange={(event) => setNeedle(event.target.value)}
        />
        <span role="status">
          {events.length} of {history.length} events
        </span>
      </div>
      <div
        ref={scroller}
        className={styles.scroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label="Events in order"
        aria-live="off"
      >
        {events.length === 0 && needle !== '' ? (
          <p className={styles.empty}>
            No event matches.{' '}
            <button type="button" onClick={() => setNeedle('')}>
              Clear the filter
            </button>
          </p>
        ) : null}
        <div style={{ position: 'relative', height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const event = events[item.index];
            return event ? (
              <div
                key={event.sequence}
                className={event.step === place.step ? `${styles.row} ${styles.selected}` : styles.row}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <span className={styles.sequence}>{event.sequence}</span>
                <time dateTime={event.at} title={formatAbsolute(event.at)}>
                  {clock(event.at)}
                </time>
                <b>{event.event}</b>
                {event.step ? (
                  <button type="button" onClick={() => go({ step: event.step ?? null })}>
                    {event.step}
                  </button>
                ) : (
                  <span />
                )}
                <span className={styles.facts}>{factsOf(event)}</span>
              </div>
            ) : null;
          })}
        </div>
      </div>
    </section>
  );
}

/** "14:05:12.031" in the reader's time zone. */
function clock(iso: string): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString('en-GB', { hour12: false });
  return `${time}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function factsOf(event: EventFrame): string {
  const facts = Object.entries(event.data).map(
    ([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return [...(event.attempt ? [`attempt ${event.attempt}`] : []), ...facts].join(' · ');
}

function wordsOf(event: EventFrame): string {
  return `${event.event} ${event.step ?? ''} ${factsOf(event)}`.toLowerCase();
}
