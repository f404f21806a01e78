import { Link } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext } from 'react';
import { Logo } from './logo';
import styles from './top-bar.module.css';

/** What the app puts at the far right of every bar (account, appearance). Features do not know it. */
export const TopBarMenuContext = createContext<ReactNode>(null);

interface Props {
  /** Breadcrumb, chips, save state. */
  left?: ReactNode;
  /** Usually the view tabs. */
  center?: ReactNode;
  /** Actions; one primary button at most. */
  right?: ReactNode;
  /** What stands left is shown whole where it can be, even if the tabs have to leave the middle for it. */
  leftFirst?: boolean;
}

export function TopBar({ left, center, right, leftFirst = false }: Props) {
  const menu = useContext(TopBarMenuContext);
  return (
    <header className={styles.bar}>
      <Link to="/home" className={styles.logo} aria-label="Clary, home">
        <Logo />
        <span className={styles.word}>Clary</span>
      </Link>
      {leftFirst ? (
        <div className={`${styles.left} ${styles.first}`}>
          <div className={styles.whole}>{left}</div>
        </div>
      ) : (
        <div className={styles.left}>{left}</div>
      )}
      <div className={styles.center}>{center}</div>
      <div className={styles.right}>
        {right}
        {menu}
      </div>
    </header>
  );
}

export function Crumbs({ children }: { children: ReactNode }) {
  return (
    <nav className={styles.crumbs} aria-label="Breadcrumb">
      {children}
    </nav>
  );
}
