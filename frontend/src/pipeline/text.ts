import { type Json, type JsonObject, NumberLiteral } from './json';
import { child } from './pointer';

export interface Span {
  from: number;
  to: number;
}

export interface TextProblem {
  message: string;
  offset: number;
  /** Both count from 1. */
  line: number;
  column: number;
}

export type ParsedText =
  | { ok: true; value: Json; spans: ReadonlyMap<string, Span> }
  | { ok: false; problem: TextProblem };

const MAX_DEPTH = 500;

/** JSON text as a value whose numbers keep their spelling. */
export function parseText(source: string): ParsedText {
  return read(source, false);
}

/** The same, with the place of every value in the text. Costs more: for texts a person looks at. */
export function parseWithSpans(source: string): ParsedText {
  return read(source, true);
}

function read(source: string, spans: boolean): ParsedText {
  const reader = new Reader(source, spans);
  try {
    return { ok: true, value: reader.document(), spans: reader.spans };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return {
      ok: false,
      problem: { message: error.message, offset: error.offset, ...lineOf(source, error.offset) },
    };
  }
}

export function lineOf(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** A JSON value in which members may also be undefined; those are left out, as JSON.stringify does. */
export type Printable = Json | undefined | Printable[] | { [key: string]: Printable };

/** The text of a value; numbers are written as they were read. */
export function printText(value: Printable, indent = 0): string {
  return print(value, indent, '\n');
}

function print(value: Printable, indent: number, newline: string): string {
  if (value instanceof NumberLiteral) return value.text;
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return JSON.stringify(value);
  const inner = newline + ' '.repeat(indent);
  const [open, separator, close, colon] =
    indent > 0 ? [inner, `,${inner}`, newline, ': '] : ['', ',', '', ':'];
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    return `[${open}${value.map((entry) => print(entry, indent, inner)).join(separator)}${close}]`;
  }
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  if (keys.length === 0) return '{}';
  const members = keys.map((key) => `${JSON.stringify(key)}${colon}${print(value[key], indent, inner)}`);
  return `{${open}${members.join(separator)}${close}}`;
}

class Unreadable extends Error {
  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a text
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\n\r]*/y;
const WORDS: [string, Json][] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

class Reader {
  readonly spans = new Map<string, Span>();
  private at = 0;

  constructor(
    private readonly source: string,
    private readonly marks: boolean,
  ) {}

  document(): Json {
    const value = this.value('', 0);
    this.space();
    if (this.at < this.source.length) this.fail('Only one JSON value is allowed; this is left over');
    return value;
  }

  private value(pointer: string, depth: number): Json {
    this.space();
    if (depth > MAX_DEPTH) this.fail(`Nested deeper than ${MAX_DEPTH} levels`);
    const from = this.at;
    const value = this.bare(pointer, depth);
    if (this.marks) this.spans.set(pointer, { from, to: this.at });
    return value;
  }

  private bare(pointer: string, depth: number): Json {
    const next = this.source[this.at];
    if (next === '{') return this.object(pointer, depth);
    if (next === '[') return this.list(pointer, depth);
    if (next === '"') return this.string();
    for (const [word, value] of WORDS) {
      if (!this.source.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    const digits = this.match(NUMBER);
    if (digits === undefined)
      this.fail(next === undefined ? 'The text ends too early' : 'A JSON value is expected here');
    const number = Number(digits);
    return String(number) === digits ? number : new NumberLiteral(digits);
  }

  private object(pointer: string, depth: number): JsonObject {
    const result: JsonObject = {};
    this.at += 1;
    this.space();
    if (this.take('}')) return result;
    for (;;) {
      this.space();
      const keyAt = this.at;
      if (this.source[this.at] !== '"') this.fail('A key in double quotes is expected here');
      const key = this.string();
      if (Object.hasOwn(result, key)) this.fail(`The key "${key}" stands here twice`, keyAt);
      this.space();
      if (!this.take(':')) this.fail('A colon is expected after the key');
      Object.defineProperty(result, key, {
        value: this.value(this.marks ? child(pointer, key) : '', depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
      this.space();
      if (this.take('}')) return result;
      if (!this.take(',')) this.fail('A comma or } is expected here');
    }
  }

  private list(pointer: string, depth: number): Json[] {
    const result: Json[] = [];
    this.at += 1;
    this.space();
    if (this.take(']')) return result;
    for (;;) {
      result.push(this.value(this.marks ? child(pointer, result.length) : '', depth + 1));
      this.space();
      if (this.take(']')) return result;
      if (!this.take(',')) this.fail('A comma or ] is expected here');
    }
  }

  private string(): string {
    const quoted = this.match(STRING);
    if (quoted === undefined) this.fail('This text in quotes is not closed or holds a forbidden character');
    return JSON.parse(quoted) as string;
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private space(): void {
    this.match(SPACE);
  }

  private take(character: string): boolean {
    if (this.source[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private fail(message: string, offset = this.at): never {
    throw new Unreadable(message, offset);
  }
}
