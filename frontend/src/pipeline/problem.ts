import type { PatchOperation } from './patch';

/** One finding of the server's validation, in words a person can act on. */
export interface Problem {
  code: string;
  message: string;
  /** JSON pointer into the definition; "" is the whole document. */
  pointer: string;
  severity: 'error' | 'warning' | 'info';
  step: string | null;
  fix: { title: string; patch: PatchOperation[] } | null;
}
