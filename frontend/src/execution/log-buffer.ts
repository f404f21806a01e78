const encoder = new TextEncoder();

/** Bytes of `text` in UTF-8: log offsets count bytes. */
export const byteLength = (text: string): number => encoder.encode(text).length;

/** What looks like the place where a program says why it gave up. */
const ERROR_LINE =
  /\b(error|exception|traceback|fatal|critical|panic|segmentation fault|killed)\b|\w(Error|Exception)\b/i;

/**
 * The lines of one attempt's log, growing at the end.
 *
 * Pieces may cut a line anywhere; the open last line is shown too. A carriage return overwrites its line,
 * as a terminal does, so a progress bar stays one line. A piece that was seen before is ignored.
 */
export class LogBuffer {
  readonly lines: string[] = [];
  private open = false;
  private next = 0;

  /** Byte offset of the first byte not seen yet. */
  get nextOffset(): number {
    return this.next;
  }

  /** Adds a piece; `nextOffset` is where the server says the next one starts. False for a piece out of turn. */
  append(offset: number, text: string, nextOffset?: number): boolean {
    if (offset !== this.next) return false;
    this.next = nextOffset ?? offset + byteLength(text);
    if (text === '') return true;
    const parts = text.split('\n');
    const first = parts[0] ?? '';
    if (this.open) this.lines[this.lines.length - 1] = overwrite((this.lines.at(-1) ?? '') + first);
    else this.lines.push(overwrite(first));
    for (const part of parts.slice(1)) this.lines.push(overwrite(part));
    // A text that ends in a newline closes its last line: what follows the newline is not a line yet.
    this.open = parts.at(-1) !== '';
    if (!this.open) this.lines.pop();
    return true;
  }

  /** Index of the first line that tells of an error; the last line when none does; -1 for an empty log. */
  firstError(): number {
    const found = this.lines.findIndex((line) => ERROR_LINE.test(line));
    return found === -1 ? this.lines.length - 1 : found;
  }
}

function overwrite(line: string): string {
  const clean = line.endsWith('\r') ? line.slice(0, -1) : line;
  return clean.slice(clean.lastIndexOf('\r') + 1);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with the control character.
const ANSI = /\u001b\[[0-9;:]*[A-Za-z]/g;

export const withoutAnsi = (line: string): string => line.replace(ANSI, '');

/** Indices of the lines that contain `needle`, without regard to case and colours. */
export function search(lines: readonly string[], needle: string): number[] {
  const wanted = needle.toLowerCase();
  if (wanted === '') return [];
  const found: number[] = [];
  for (const [index, line] of lines.entries()) {
    if (withoutAnsi(line).toLowerCase().includes(wanted)) found.push(index);
  }
  return found;
}
