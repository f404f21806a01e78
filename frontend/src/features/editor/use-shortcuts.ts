import { useEffect, useRef } from 'react';
import { type ShortcutId, shortcutOf } from './shortcuts';

const CANVAS = '[data-testid="canvas"]';

/** Keys of the editor. They rest while a text field has the focus or a dialog is open. */
export function useShortcuts(handlers: Partial<Record<ShortcutId, () => void>>): void {
  const latest = useRef(handlers);
  latest.current = handlers;
  const pressed = useRef(false);
  useEffect(() => {
    // The press that gives the canvas the focus comes before the focus, and every other way to it is the keyboard's.
    const onPointerDown = (event: PointerEvent) => {
      pressed.current = event.target instanceof Element && event.target.closest(CANVAS) !== null;
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = shortcutOf(event);
      const handler = shortcut ? latest.current[shortcut.id] : undefined;
      if (!shortcut || !handler || event.defaultPrevented || isElsewhere(event.target)) return;
      if (shortcut.canvasOnly && !isOnCanvas(event.target)) return;
      // Tab goes on to the next control, except for who has just worked on the canvas with the mouse.
      if (event.key === 'Tab' && !pressed.current) return;
      // Copying selected text is the browser's business.
      if (shortcut.id === 'copy' && (getSelection()?.toString() ?? '') !== '') return;
      event.preventDefault();
      handler();
    };
    window.addEventListener('keydown', onKeyDown);
    window.addEventListener('pointerdown', onPointerDown, true);
    return () => {
      window.removeEventListener('keydown', onKeyDown);
      window.removeEventListener('pointerdown', onPointerDown, true);
    };
  }, []);
}

function isElsewhere(target: EventTarget | null): boolean {
  if (document.querySelector('[role="dialog"]')) return true;
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.isContentEditable || target.closest('input, textarea, select, [role="menu"], .cm-editor') !== null
  );
}

/** The canvas answers when it has the focus, and when nothing has (after a press on the empty page). */
function isOnCanvas(target: EventTarget | null): boolean {
  return (
    target === document.body ||
    (target instanceof HTMLElement && target.getAttribute('role') === 'application')
  );
}
