import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NumberLiteral } from './json';
import { parseText, parseWithSpans, printText } from './text';

function value(source: string) {
  const parsed = parseText(source);
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

function problem(source: string) {
  const parsed = parseText(source);
  if (parsed.ok) throw new Error('it was read');
  return parsed.problem;
}

describe('reading a definition text', () => {
  it('keeps the spelling of numbers that JavaScript would change', () => {
    const source = '{"a":1.0,"b":1e3,"c":12345678901234567890,"d":-0,"e":0.1,"f":7}';
    expect(printText(value(source))).toBe(source);
  });

  it('gives plain numbers where nothing is lost', () => {
    expect(value('[7, 0.1]')).toEqual([7, 0.1]);
    expect(value('1.0')).toBeInstanceOf(NumberLiteral);
  });

  it('says where every value stands', () => {
    const source = '{"Steps": [ {"Name": "A"} ]}';
    const parsed = parseWithSpans(source);
    const span = parsed.ok ? parsed.spans.get('/Steps/0/Name') : undefined;
    expect(source.slice(span?.from, span?.to)).toBe('"A"');
  });

  it('names line and column of what is wrong', () => {
    expect(problem('{\n  "a": 1,\n  b: 2\n}')).toMatchObject({ line: 3, column: 3 });
    expect(problem('{"a": 1')).toMatchObject({ line: 1, column: 8 });
  });

  it.each([
    ['{"a":1,"a":2}', 'twice'],
    ['[1,]', 'value'],
    ['"open', 'not closed'],
    ['{"a" 1}', 'colon'],
    ['1 2', 'left over'],
    ['NaN', 'value'],
    ['', 'too early'],
    [`${'['.repeat(600)}${']'.repeat(600)}`, 'deeper'],
  ])('refuses %s', (source, words) => {
    expect(problem(source).message).toContain(words);
  });

  it('does not let a key change the object it is read into', () => {
    const read = value('{"__proto__": {"polluted": true}}');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    expect(printText(read)).toBe('{"__proto__":{"polluted":true}}');
  });
});

describe('printing', () => {
  it('indents like every other tool', () => {
    const document = { a: [1, { b: null }], c: {}, d: [] };
    expect(printText(document, 2)).toBe(JSON.stringify(document, null, 2));
  });

  it('leaves out undefined members, as JSON.stringify does', () => {
    expect(printText({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  const folder = resolve(import.meta.dirname, '../../../tests/golden/definitions');
  it.each(readdirSync(folder).filter((name) => name.endsWith('.json')))('gives %s back unchanged', (file) => {
    const source = readFileSync(resolve(folder, file), 'utf8');
    const once = printText(value(source));
    expect(printText(value(once))).toBe(once);
    expect(JSON.parse(once)).toEqual(JSON.parse(source));
  });
});
