import type { Parameter } from './definition';

/** Why a typed value cannot be given for a parameter, or null. An empty text means: take the default. */
export function parameterProblem(parameter: Parameter, typed: string): string | null {
  if (typed === '')
    return parameter.defaultValue === undefined ? 'A value is needed: this parameter has no default.' : null;
  if (parameter.enumValues.length > 0 && !parameter.enumValues.map(String).includes(typed)) {
    return `Choose one of ${parameter.enumValues.map(String).join(', ')}.`;
  }
  if (parameter.type === 'Integer' && !/^[+-]?\d+$/.test(typed.trim()))
    return 'A whole number is expected, for example 20.';
  if (parameter.type === 'Float' && (typed.trim() === '' || !Number.isFinite(Number(typed)))) {
    return 'A number is expected, for example 0.9.';
  }
  if (parameter.type === 'Boolean' && !/^(true|false)$/i.test(typed)) return 'True or false is expected.';
  return null;
}

/** What is sent: only what was typed, of parameters that still exist. The server reads texts by type. */
export function givenValues(
  list: readonly Parameter[],
  typed: Readonly<Record<string, string>>,
): Record<string, string> {
  const given: Record<string, string> = {};
  for (const parameter of list) {
    const value = typed[parameter.name];
    if (value !== undefined && value !== '') given[parameter.name] = value;
  }
  return given;
}
