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
  if (label.length > LONG_LABEL) {
    const inside = label.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
    return `${figureText(figure)} ${inside}`;
  }
  return `${label} ${figureText(figure)}`;
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
