import Anser, { type AnserJsonEntry } from 'anser';
import { memo, type ReactNode } from 'react';
import styles from './log-line.module.css';

const ESCAPE = '\u001b';

/** One line with its colours, and with what is searched for marked. */
export const LogLine = memo(function LogLine({ text, needle }: { text: string; needle: string }) {
  if (!text.includes(ESCAPE)) return mark(text, needle);
  const parts = Anser.ansiToJson(text, { use_classes: true, json: true, remove_empty: true });
  return parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line never move
    <span key={index} className={classOf(part)}>
      {mark(part.content, needle)}
    </span>
  ));
});

function classOf(part: AnserJsonEntry): string {
  const names = [part.fg, part.decoration].map((name) => (name ? (styles[name] ?? '') : ''));
  return names.join(' ');
}

function mark(text: string, needle: string): ReactNode {
  if (needle === '') return text;
  const wanted = needle.toLowerCase();
  const lower = text.toLowerCase();
  const pieces: ReactNode[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    pieces.push(text.slice(from, at), <mark key={at}>{text.slice(at, at + needle.length)}</mark>);
    from = at + needle.length;
  }
  pieces.push(text.slice(from));
  return pieces;
}
