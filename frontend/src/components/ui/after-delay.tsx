import { type ReactNode, useEffect, useState } from 'react';

/** Shows its children only when waiting takes longer than 200 ms, so quick answers do not flicker. */
export function AfterDelay({ children, delay = 200 }: { children: ReactNode; delay?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), delay);
    return () => clearTimeout(timer);
  }, [delay]);
  return shown ? children : null;
}
