import { formatMetric, latestMetrics } from './metrics';
import type { KeyFigure } from './summary';
import type { StepRow } from './types';

/** The one figure a finished step is known by: what its results name, else the last metric it reported. */
export function keyFigure(row: StepRow): KeyFigure | null {
  if (row.status !== 'Succeeded') return null;
  if (row.results?.key) return row.results.key;
  const last = Object.entries(latestMetrics(row)).at(-1);
  return last ? { label: last[0], value: last[1] } : null;
}

/** Longer labels would push their figure out of sight. */
const LONG_LABEL = 16;

/** "AUC 0.965", "344 rows", "0.98 accuracy on training rows" */
export function keyFigureWords(figure: KeyFigure): string {
  if (/^(rows|columns|files)$/i.test(figure.label))
    return `${figureText(figure)} ${figure.label.toLowerCase()}`;
  const { label } = figure;
  if (label.length > LONG_LABEL && !label.includes(' · ')) {
    const inside = label.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
    return `${figureText(figure)} ${inside}`;
  }
  return `${label} ${figureText(figure)}`;
}

/** What a step's figure may take on its node. */
const MOST_ON_NODE = 18;
const SHORTER: readonly (readonly [RegExp, string])[] = [
  [/^(.+) on training rows$/, 'train $1'],
  [/^Cross-validated (.+)$/, 'CV $1'],
  [/\baccuracy\b/i, 'acc.'],
];

/** The figure where a node has little room: "1.00 train acc."; of "logistic · ROC AUC" the winner stays: "logistic 0.775". */
export function shortFigureWords(figure: KeyFigure): string {
  const whole = keyFigureWords(figure);
  if (whole.length <= MOST_ON_NODE) return whole;
  const [winner, measure] = figure.label.split(' · ');
  if (winner && measure) return `${winner} ${scoreText(figure)}`;
  const label = SHORTER.reduce((words, [long, short]) => words.replace(long, short), figure.label);
  return label === figure.label ? whole : `${scoreText(figure)} ${label}`;
}

/** A share of all is told as one: "1.00". */
function scoreText(figure: KeyFigure): string {
  return figure.value === 1 || figure.value === 0 ? figure.value.toFixed(2) : figureText(figure);
}

export function figureText({ value }: KeyFigure): string {
  return typeof value === 'number' ? formatMetric(value) : value;
}

const SIGNS: Record<string, string> = { '>=': '≥', '<=': '≤', '==': '=', '!=': '≠' };

/**
 * One comparison of a Condition for people: "auc 0.9653812 >= 0.9 → true" becomes "auc 0.9654 ≥ 0.9".
 * Long figures are rounded as everywhere else; the exact ones stay in the tooltip.
 */
export function comparisonWords(line: string): string {
  return line
    .replace(/ → (true|false)$/, '')
    .replace(/ (>=|<=|==|!=) /g, (_, sign: string) => ` ${SIGNS[sign]} `)
    .replace(/(?<![\w.'"-])-?\d+\.\d{5,}(?:[eE][+-]?\d+)?(?![\w.'"])/g, (text) => formatMetric(Number(text)));
}

/** Which way a Condition went, with both sides of what decided it: "auc 0.965 ≥ 0.9 → if". */
export function decisionWords(row: StepRow): string | null {
  const line = row.condition?.at(-1); // all were true, or the last one looked at was not
  if (row.outcome === null || !line) return null;
  return `${comparisonWords(line)} → ${row.outcome ? 'if' : 'else'}`;
}

/** Every comparison of a decided Condition; a single one says where it led: "auc 0.965 ≥ 0.9 → if". */
export function conditionLines(row: StepRow): string[] {
  const lines = row.condition ?? [];
  if (lines.length === 1) return [decisionWords(row) ?? ''];
  return lines.map((line) => `${comparisonWords(line)} → ${line.endsWith('true') ? 'true' : 'false'}`);
}
