import { readStored, writeStored } from './stored';

/** The first steps somebody is shown in the editor, one hint at a time. `points` names the part a hint is about. */
export const HINTS = [
  {
    points: 'palette',
    text: 'Steps are on the left. Drag one onto the canvas, or drop a file with your data there.',
  },
  {
    points: 'canvas',
    text: 'Pull a wire from the dot on a step’s right side to the step that needs what it makes.',
  },
  { points: 'inspector', text: 'Click a step: its settings open on the right. Required ones are marked.' },
  { points: 'run', text: 'Press Run. This canvas then shows every step while it works, and what it made.' },
  { points: 'home', text: 'The leaf in the corner leads home: recent pipelines, and runs that need you.' },
] as const;

export type HintTarget = (typeof HINTS)[number]['points'];

const isCount = (value: unknown): value is number => Number.isInteger(value);

/** How many hints this person has seen to the end, in this browser. */
export function hintsSeen(user: string): number {
  return readStored(`tour:${user}`, isCount) ?? 0;
}

export function rememberHints(user: string, seen: number): void {
  writeStored(`tour:${user}`, seen);
}
