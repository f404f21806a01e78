import { Button } from '@mantine/core';
import { useState } from 'react';
import { rememberHints } from '@/lib/tour';
import styles from './settings-page.module.css';

/** Brings back the hints of the first visit. */
export function HintsSetting({ user }: { user: string }) {
  const [asked, setAsked] = useState(false);
  const again = () => {
    rememberHints(user, 0);
    setAsked(true);
  };
  return (
    <div className={styles.center}>
      <Button onClick={again} disabled={asked}>
        Show again
      </Button>
      <span role="status">
        {asked ? 'The hints appear when you open a pipeline.' : 'Five hints for the first visit.'}
      </span>
    </div>
  );
}
