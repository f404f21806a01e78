import type { CallbackOutput } from '@/api/execution-steps';

/** AWS: OutputParameter.Value and SendPipelineExecutionStepFailure.FailureReason. */
export const VALUE_LENGTH = 1024;
export const REASON_LENGTH = 256;

const WORDS: Record<string, string> = {
  String: 'Text',
  Integer: 'Whole number',
  Float: 'Number',
  Boolean: 'True or false',
};

/** The type of an output in words. */
export const typeWord = (type: string): string => WORDS[type] ?? 'Text';

/** Why a text cannot be the value of an output, null when it can. The server looks again. */
export function misfit({ type }: CallbackOutput, text: string): string | null {
  const value = text.trim();
  switch (type) {
    case 'Integer':
      return /^[+-]?\d+$/.test(value) ? null : 'A whole number, such as 12.';
    case 'Float':
      return value !== '' && Number.isFinite(Number(value)) && !/^[+-]?0[xob]/i.test(value)
        ? null
        : 'A number, such as 0.75.';
    case 'Boolean':
      return /^(true|false)$/i.test(value) ? null : 'True or false.';
    default:
      return null;
  }
}
