import { memo } from 'react';
import { familyLook } from '../theme/families';
import styles from './family-tile.module.css';

interface Props {
  family: string;
  size?: 'small' | 'medium';
}

/** The coloured square that says what kind of step this is. Decorative: the name beside it carries the words. */
export const FamilyTile = memo(function FamilyTile({ family, size = 'small' }: Props) {
  const look = familyLook(family);
  const Icon = look.icon;
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
