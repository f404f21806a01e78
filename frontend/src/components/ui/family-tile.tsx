import { memo } from 'react';
import { familyLook } from '../theme/families';
import { libraryIcon } from '../theme/library-icons';
import styles from './family-tile.module.css';

interface Props {
  family: string;
  /** The icon of a ready-made step; without one the family's is drawn. */
  icon?: string;
  size?: 'small' | 'medium';
}

/** The coloured square that says what kind of step this is. Decorative: the name beside it carries the words. */
export const FamilyTile = memo(function FamilyTile({ family, icon = '', size = 'small' }: Props) {
  const look = familyLook(family);
  const Icon = libraryIcon(icon) ?? look.icon;
  return (
    <span
      className={size === 'medium' ? styles.medium : styles.small}
      style={{ color: look.color, background: look.soft }}
      aria-hidden="true"
    >
      <Icon size={size === 'medium' ? 19 : 16} strokeWidth={1.75} />
    </span>
  );
});
