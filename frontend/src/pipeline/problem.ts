import type { PatchOperation } from './patch';

/** One finding of the server's validation, in words a person can act on. */
export interface Problem {
  code: string;
  message: string;
  /** JSON pointer into the definition; "" is the whole document. */
  pointer: string;
  severity: 'error' | 'warning' | 'info';
  step: string | null;
  fix: Fix | null;
  /** The same fix for every step that has the problem, where there is more than one. */
  everywhere?: Fix | null;
}

/** One change that mends a problem. */
export interface Fix {
  title: string;
  patch: PatchOperation[];
}

/** What can be pressed about a problem, the one that mends most first. */
export function fixesOf(problem: Problem): Fix[] {
  return [problem.everywhere, problem.fix].filter((fix): fix is Fix => fix != null);
}
