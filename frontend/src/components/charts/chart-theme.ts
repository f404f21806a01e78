import type { Config } from 'vega-lite';

/** Families in the order series take them: told apart in both themes, and by people who do not see all colours. */
const SERIES = ['--train', '--check', '--data', '--model', '--code', '--ctrl'];

/** Vega-Lite's settings from the theme's tokens, as they are now: ask again when the colour scheme changes. */
export function chartConfig(): Config {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(name).trim() || '#888';
  const font = token('--font');
  const label = {
    labelColor: token('--text-2'),
    titleColor: token('--text-2'),
    labelFont: font,
    titleFont: font,
  };
  // Words stand on these fields, so the strongest stays far enough from the text's colour.
  const ramp = [token('--brand-soft'), mix(token('--brand'), token('--panel'), 0.5)];
  const diverging = [token('--check'), token('--panel'), token('--brand')];
  return {
    background: 'transparent',
    font,
    padding: 4,
    view: { stroke: null },
    axis: {
      ...label,
      labelFontSize: 11,
      titleFontSize: 11.5,
      titleFontWeight: 500,
      titlePadding: 8,
      gridColor: token('--line'),
      domainColor: token('--line-strong'),
      tickColor: token('--line-strong'),
    },
    axisXDiscrete: { labelAngle: 0, labelLimit: 110, labelOverlap: 'greedy' },
    axisQuantitative: { tickCount: 5, labelOverlap: 'greedy', labelSeparation: 8 },
    legend: { ...label, labelFontSize: 11.5, titleFontSize: 11.5, titleFontWeight: 500 },
    title: { color: token('--text'), font, fontSize: 13, fontWeight: 600, anchor: 'start' },
    header: label,
    mark: { color: token('--brand') },
    line: { strokeWidth: 2 },
    area: { fillOpacity: 0.3 },
    point: { filled: true, size: 36 },
    rule: { color: token('--text-3') },
    text: { color: token('--text'), font, fontSize: 12 },
    range: { category: SERIES.map(token), ramp, heatmap: ramp, ordinal: ramp, diverging },
  };
}

/** A colour between two of the form #rrggbb; `share` of the first. */
export function mix(first: string, second: string, share: number): string {
  const [a, b] = [parts(first), parts(second)];
  const between = a.map((part, index) => Math.round(part * share + (b[index] ?? 0) * (1 - share)));
  return `#${between.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function parts(colour: string): number[] {
  const digits = colour.slice(1);
  const long = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  return [0, 2, 4].map((start) => Number.parseInt(long.slice(start, start + 2), 16) || 0);
}
