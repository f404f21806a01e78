import { items, type Json, type JsonObject, member, text } from './json';

/** The comparisons a condition can make, in plain words. */
export const COMPARISONS: readonly { type: string; words: string; sign: string }[] = [
  { type: 'GreaterThanOrEqualTo', words: 'is at least', sign: '≥' },
  { type: 'GreaterThan', words: 'is more than', sign: '>' },
  { type: 'LessThanOrEqualTo', words: 'is at most', sign: '≤' },
  { type: 'LessThan', words: 'is less than', sign: '<' },
  { type: 'Equals', words: 'equals', sign: '=' },
  { type: 'In', words: 'is one of', sign: 'in' },
];

export type ConditionShape = 'comparison' | 'in' | 'not' | 'or' | 'unknown';

export function shapeOf(condition: Json | undefined): ConditionShape {
  const type = text(member(condition, 'Type'));
  if (type === 'Or') return 'or';
  if (type === 'Not') return 'not';
  if (type === 'In') return 'in';
  return COMPARISONS.some((entry) => entry.type === type) ? 'comparison' : 'unknown';
}

/** Members that hold the two sides. `In` is written with QueryValue by the SDK and with Value by the schema. */
export function sidesOf(condition: Json): { left: string; right: string } {
  if (shapeOf(condition) !== 'in') return { left: 'LeftValue', right: 'RightValue' };
  const schemaStyle = member(condition, 'Value') !== undefined;
  return schemaStyle ? { left: 'Value', right: 'In' } : { left: 'QueryValue', right: 'Values' };
}

/** The same two sides under another comparison. */
export function withType(condition: Json, type: string): JsonObject {
  const before = sidesOf(condition);
  const left = member(condition, before.left) ?? '';
  const right = member(condition, before.right);
  if (type === 'In')
    return {
      Type: 'In',
      QueryValue: left,
      Values: Array.isArray(right) ? right : right === undefined ? [] : [right],
    };
  const single = Array.isArray(right) ? items(right)[0] : right;
  return { Type: type, LeftValue: left, RightValue: single ?? '' };
}

export const NEW_COMPARISON: JsonObject = { Type: 'GreaterThanOrEqualTo', LeftValue: '', RightValue: 0 };
