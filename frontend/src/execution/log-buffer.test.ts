import { describe, expect, it } from 'vitest';
import { LogBuffer, search, withoutAnsi } from './log-buffer';

function buffer(...pieces: string[]): LogBuffer {
  const log = new LogBuffer();
  for (const piece of pieces) log.append(log.nextOffset, piece);
  return log;
}

describe('a log that grows', () => {
  it('joins a line that came in pieces', () => {
    expect(buffer('epo', 'ch 1\nepoch', ' 2\n').lines).toEqual(['epoch 1', 'epoch 2']);
  });

  it('shows the open last line', () => {
    expect(buffer('done\nrunn').lines).toEqual(['done', 'runn']);
  });

  it('keeps empty lines', () => {
    expect(buffer('a\n', '\n', '\nb\n').lines).toEqual(['a', '', '', 'b']);
  });

  it('lets a carriage return overwrite its line', () => {
    expect(buffer('10 %\r50 %', '\r100 %\nok\r\n').lines).toEqual(['100 %', 'ok']);
  });

  it('counts offsets in bytes', () => {
    const log = buffer('größe\n');
    expect(log.nextOffset).toBe(8);
  });

  it('believes the server about the next offset', () => {
    const log = new LogBuffer();
    log.append(0, '\ufffd', 1);
    expect(log.nextOffset).toBe(1);
  });

  it('ignores a piece it has seen and one from further on', () => {
    const log = buffer('abc\n');
    expect(log.append(0, 'abc\n')).toBe(false);
    expect(log.append(9, 'later\n')).toBe(false);
    expect(log.lines).toEqual(['abc']);
  });

  it('finds the first line that tells of an error', () => {
    expect(buffer('ok\nTraceback (most recent call last):\nValueError: x\n').firstError()).toBe(1);
    expect(buffer('ok\nKeyError: 1\n').firstError()).toBe(1);
    expect(buffer('a\nb\n').firstError()).toBe(1);
    expect(buffer().firstError()).toBe(-1);
  });
});

describe('search', () => {
  it('finds lines without regard to case and colours', () => {
    expect(search(['Fold 1', '\u001b[32mfo\u001b[0mld 2', 'end'], 'FOLD')).toEqual([0, 1]);
  });

  it('finds nothing for nothing', () => {
    expect(search(['a'], '')).toEqual([]);
  });

  it('takes colour codes away', () => {
    expect(withoutAnsi('\u001b[1;31mred\u001b[0m')).toBe('red');
  });
});
