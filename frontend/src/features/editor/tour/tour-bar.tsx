import { Button } from '@mantine/core';
import { Lightbulb } from 'lucide-react';
import { useEffect, useState } from 'react';
import { HINTS, hintsSeen, rememberHints } from '@/lib/tour';
import styles from './tour-bar.module.css';

/**
 * One hint at a time on a line of its own: it covers nothing, so the mouse is never in its way. The part it is about
 * gets a ring. Dismissed hints stay away; the settings bring them back.
 */
export function TourBar({ user }: { user: string }) {
  const [seen, setSeen] = useState(() => hintsSeen(user));
  const hint = HINTS[seen];
  const points = hint?.points;
  useEffect(() => {
    if (points) document.body.dataset.hint = points;
    return () => {
      delete document.body.dataset.hint;
    };
  }, [points]);
  if (!hint) return null;
  const go = (next: number) => {
    rememberHints(user, next);
    setSeen(next);
  };
  const last = seen === HINTS.length - 1;
  return (
    <section className={styles.bar} aria-label="First steps">
      <Lightbulb size={15} aria-hidden="true" className={styles.sign} />
      <span className={styles.count}>
        {seen + 1} of {HINTS.length}
      </span>
      <p className={styles.text} aria-live="polite">
        {hint.text}
      </p>
      <Button size="compact-sm" onClick={() => go(seen + 1)}>
        {last ? 'Done' : 'Got it'}
      </Button>
      {last ? null : (
        <Button size="compact-sm" onClick={() => go(HINTS.length)}>
          Skip the hints
        </Button>
      )}
    </section>
  );
}
