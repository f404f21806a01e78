import { Link, type LinkProps } from '@tanstack/react-router';
import styles from './tabs-bar.module.css';

export interface TabLink {
  label: string;
  link: Pick<LinkProps, 'to' | 'params' | 'search'>;
  active: boolean;
}

/** The switch in the middle of the top bar. */
export function TabsBar({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav className={styles.bar} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.label}
          {...tab.link}
          className={tab.active ? `${styles.tab} ${styles.active}` : styles.tab}
          aria-current={tab.active ? 'page' : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
