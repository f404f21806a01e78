import { createContext, useContext } from 'react';
import type { StepEntry } from '@/pipeline/definition';
import type { Json } from '@/pipeline/json';
import type { Problem } from '@/pipeline/problem';
import type { Source } from '@/pipeline/source';

export interface StepForm {
  entry: StepEntry;
  readOnly: boolean;
  /** Write a value at a pointer relative to the step; undefined takes it away. Quick repeats are one undo step. */
  write(pointer: string, value: Json | undefined): void;
  /** Problems whose pointer lies at or below this place of the step. */
  problemsAt(pointer: string): readonly Problem[];
  /** The value a field had under a source the person left, so that switching back brings it back. */
  remembered(pointer: string, source: Source): Json | undefined;
  remember(pointer: string, source: Source, value: Json | undefined): void;
  /** The place the person was led to, relative to the step; null when none. */
  focus: string | null;
}

export const StepFormContext = createContext<StepForm | null>(null);

export function useStepForm(): StepForm {
  const form = useContext(StepFormContext);
  if (!form) throw new Error('A field belongs inside a step form.');
  return form;
}
