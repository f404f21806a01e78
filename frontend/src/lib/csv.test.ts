import { describe, expect, it } from 'vitest';
import { toCsv } from './csv';

describe('a table as CSV', () => {
  it('quotes what needs quoting', () => {
    expect(
      toCsv(
        ['a', 'b,c'],
        [
          ['say "hi"', 1.5],
          [null, true],
          ['two\nlines', ' padded'],
        ],
      ),
    ).toBe('a,"b,c"\r\n"say ""hi""",1.5\r\n,true\r\n"two\nlines"," padded"\r\n');
  });

  it.each(['=1+1', '+cmd', '@SUM(A1)', '-2+3', '\t=1', '=HYPERLINK("x")'])(
    'makes no formula of %j',
    (text) => {
      const [, line = ''] = toCsv(['x'], [[text]]).split('\r\n');
      expect(line.replace(/^"/, '').startsWith("'")).toBe(true);
    },
  );

  it('leaves numbers numbers', () => {
    expect(toCsv(['=x'], [[-1.5], ['-2e-3'], ['-7']])).toBe("'=x\r\n-1.5\r\n-2e-3\r\n-7\r\n");
  });
});
