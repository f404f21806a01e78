/** A number whose spelling JavaScript would change ("1.0", "1e3"); kept as written until somebody edits it. */
export class NumberLiteral {
  constructor(readonly text: string) {}

  valueOf(): number {
    return Number(this.text);
  }

  toJSON(): number {
    return Number(this.text);
  }
}

export type Json = null | boolean | number | string | NumberLiteral | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof NumberLiteral)
  );
}

export function isNumber(value: Json | undefined): value is number | NumberLiteral {
  return typeof value === 'number' || value instanceof NumberLiteral;
}

/** The elements of a JSON array, or none: documents may be malformed anywhere. */
export function items(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

export function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Deep equality of JSON values; object keys compare without order, numbers by spelling-insensitive value. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((entry, index) => sameJson(entry, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
    );
  }
  return false;
}

/** Equal as JSON texts: same keys in the same order, same spelling of numbers. */
export function identical(a: Json | undefined, b: Json | undefined): boolean {
  if (isNumber(a) || isNumber(b)) return isNumber(a) && isNumber(b) && spelling(a) === spelling(b);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((entry, index) => identical(entry, b[index]));
  }
  if (isObject(a)) {
    if (!isObject(b)) return false;
    const [left, right] = [Object.keys(a), Object.keys(b)];
    return (
      left.length === right.length &&
      left.every((key, index) => key === right[index] && identical(a[key], b[key]))
    );
  }
  return a === b;
}

function spelling(value: number | NumberLiteral): string {
  return value instanceof NumberLiteral ? value.text : String(value);
}

/** Which expression a value is, or null when it is a literal. */
export function expressionKind(value: Json | undefined): 'Get' | 'Std:Join' | 'Std:JsonGet' | null {
  if (!isObject(value)) return null;
  const [key, ...more] = Object.keys(value);
  if (key === undefined || more.length > 0) return null;
  if (key === 'Get') return typeof value.Get === 'string' ? 'Get' : null;
  return (key === 'Std:Join' || key === 'Std:JsonGet') && isObject(value[key]) ? key : null;
}
