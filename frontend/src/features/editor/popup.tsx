import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Point } from '@/components/canvas/canvas';
import styles from './popup.module.css';

interface Props {
  at: Point;
  label: string;
  onClose(): void;
  children: ReactNode;
}

/** A small panel at a point of the window; Escape and a press outside close it, arrows walk its buttons. */
export function Popup({ at, label, onClose, children }: Props) {
  const panel = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);
  useLayoutEffect(() => {
    const size = panel.current?.getBoundingClientRect();
    if (!size) return;
    setPlace({
      x: Math.max(8, Math.min(at.x, innerWidth - size.width - 8)),
      y: Math.max(8, Math.min(at.y, innerHeight - size.height - 8)),
    });
  }, [at]);
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      if (!panel.current?.contains(event.target as Node)) onClose();
    };
    document.addEventListener('pointerdown', outside, true);
    return () => document.removeEventListener('pointerdown', outside, true);
  }, [onClose]);
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') onClose();
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const stops = [...(panel.current?.querySelectorAll<HTMLElement>('button, input') ?? [])];
    const here = stops.indexOf(document.activeElement as HTMLElement);
    stops[(here + (event.key === 'ArrowDown' ? 1 : -1) + stops.length) % stops.length]?.focus();
  };
  return (
    <div
      ref={panel}
      role="dialog"
      aria-label={label}
      className={styles.popup}
      style={{ left: place.x, top: place.y }}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}
