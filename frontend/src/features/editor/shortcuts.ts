/** Every key of the editor: the handler and the sheet are made from this one table. */
export type ShortcutId =
  | 'undo'
  | 'redo'
  | 'copy'
  | 'cut'
  | 'paste'
  | 'paste-wired'
  | 'duplicate'
  | 'delete'
  | 'select-all'
  | 'publish'
  | 'run'
  | 'search'
  | 'quick-add'
  | 'connect'
  | 'rename'
  | 'tidy'
  | 'nudge-left'
  | 'nudge-right'
  | 'nudge-up'
  | 'nudge-down'
  | 'help';

export interface Shortcut {
  id: ShortcutId;
  /** `mod` is Ctrl, or Command on a Mac. */
  keys: readonly string[];
  words: string;
  group: 'Edit' | 'Canvas' | 'Pipeline';
  /** Only while the canvas has the focus, because the key means something else elsewhere. */
  canvasOnly?: boolean;
}

export const SHORTCUTS: readonly Shortcut[] = [
  { id: 'undo', keys: ['mod+z'], words: 'Undo', group: 'Edit' },
  { id: 'redo', keys: ['mod+shift+z', 'mod+y'], words: 'Redo', group: 'Edit' },
  { id: 'copy', keys: ['mod+c'], words: 'Copy steps', group: 'Edit' },
  { id: 'cut', keys: ['mod+x'], words: 'Cut steps', group: 'Edit' },
  { id: 'paste', keys: ['mod+v'], words: 'Paste steps', group: 'Edit' },
  { id: 'paste-wired', keys: ['mod+shift+v'], words: 'Paste with incoming wires', group: 'Edit' },
  { id: 'duplicate', keys: ['mod+d'], words: 'Duplicate', group: 'Edit' },
  { id: 'delete', keys: ['delete', 'backspace'], words: 'Delete', group: 'Edit' },
  { id: 'select-all', keys: ['mod+a'], words: 'Select all', group: 'Edit' },
  { id: 'rename', keys: ['f2'], words: 'Rename step', group: 'Edit' },
  { id: 'search', keys: ['/'], words: 'Search steps to add', group: 'Canvas' },
  { id: 'quick-add', keys: ['a', 'tab'], words: 'Add a step here', group: 'Canvas', canvasOnly: true },
  { id: 'connect', keys: ['c'], words: 'Connect the step to …', group: 'Canvas', canvasOnly: true },
  { id: 'tidy', keys: ['shift+l'], words: 'Tidy the canvas or the selection', group: 'Canvas' },
  { id: 'nudge-left', keys: ['mod+arrowleft'], words: 'Move left', group: 'Canvas', canvasOnly: true },
  { id: 'nudge-right', keys: ['mod+arrowright'], words: 'Move right', group: 'Canvas', canvasOnly: true },
  { id: 'nudge-up', keys: ['mod+arrowup'], words: 'Move up', group: 'Canvas', canvasOnly: true },
  { id: 'nudge-down', keys: ['mod+arrowdown'], words: 'Move down', group: 'Canvas', canvasOnly: true },
  { id: 'run', keys: ['mod+enter'], words: 'Run', group: 'Pipeline' },
  { id: 'publish', keys: ['mod+s'], words: 'Publish a version', group: 'Pipeline' },
  { id: 'help', keys: ['?'], words: 'Show these keys', group: 'Pipeline' },
];

/** Keys that the canvas itself answers, for the sheet. */
export const CANVAS_KEYS: readonly { keys: readonly string[]; words: string }[] = [
  { keys: ['←', '→', '↑', '↓'], words: 'Walk from step to step' },
  { keys: ['Enter'], words: 'Open the inspector' },
  { keys: ['Esc'], words: 'Clear the selection' },
  { keys: ['1'], words: 'Fit everything' },
  { keys: ['0'], words: 'Zoom to 100 %' },
  { keys: ['+', '−'], words: 'Zoom in, out' },
  { keys: ['Shift+drag'], words: 'Select with a box' },
  { keys: ['Space+drag'], words: 'Move the canvas' },
];

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** The shortcut that a key press means, or undefined. */
export function shortcutOf(event: Keys): Shortcut | undefined {
  if (event.altKey) return undefined;
  const pressed = event.key.toLowerCase();
  const mod = event.ctrlKey || event.metaKey;
  return SHORTCUTS.find((shortcut) =>
    shortcut.keys.some((keys) => {
      const parts = keys.split('+');
      const key = parts.at(-1);
      // "?" is a shifted key on most keyboards; its name already says so.
      const shift = key === '?' || key === '/' ? event.shiftKey : parts.includes('shift');
      return key === pressed && parts.includes('mod') === mod && shift === event.shiftKey;
    }),
  );
}

/** "mod+shift+z" as a person reads it. */
export function keyWords(keys: string, mac: boolean): string {
  const words: Record<string, string> = {
    mod: mac ? '⌘' : 'Ctrl',
    shift: 'Shift',
    arrowleft: '←',
    arrowright: '→',
    arrowup: '↑',
    arrowdown: '↓',
  };
  return keys
    .split('+')
    .map(
      (part) =>
        words[part] ??
        (part.length === 1 ? part.toUpperCase() : part.slice(0, 1).toUpperCase() + part.slice(1)),
    )
    .join(' ');
}
