import { useEffect, useRef, useState } from 'react';
import { type Loader, parse, type Spec, View, Warn } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import styles from './chart.module.css';
import { chartConfig } from './chart-theme';
import { safeSpec } from './safe-spec';

/** Charts bring their data along; a specification that wants to fetch something gets nothing. */
const NOTHING_TO_LOAD: Loader = {
  load: () => Promise.reject(new Error('Charts load nothing.')),
  sanitize: () => Promise.reject(new Error('Charts lead nowhere.')),
  http: () => Promise.reject(new Error('Charts load nothing.')),
  file: () => Promise.reject(new Error('Charts load nothing.')),
};

interface Props {
  title: string;
  spec: Record<string, unknown>;
  /** Draws again in the other colours when it changes. */
  scheme: string;
  large?: boolean;
}

/**
 * One Vega-Lite chart. Expressions are interpreted, never compiled, so the page's policy needs no eval. Loaded lazily:
 * the library is larger than the rest of the run view.
 */
export function VegaChart({ title, spec, scheme, large = false }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme decides what the tokens say
  useEffect(() => {
    if (!place.current) return;
    let view: View | null = null;
    let gone = false;
    try {
      view = viewOf(safeSpec(spec, large), title, place.current);
      view.runAsync().catch((error: unknown) => (gone ? undefined : setTrouble(words(error))));
      setTrouble(null);
    } catch (error) {
      setTrouble(words(error));
    }
    const resized = new ResizeObserver(([entry]) => follow(view, entry?.contentRect.width ?? 0));
    resized.observe(place.current);
    return () => {
      gone = true;
      resized.disconnect();
      view?.finalize();
    };
  }, [spec, title, scheme, large]);
  return (
    <>
      {trouble ? <p className={styles.trouble}>This chart cannot be drawn: {trouble}</p> : null}
      <div ref={place} className={styles.plot} hidden={trouble !== null} />
    </>
  );
}

/** The chart follows the drawer's width. Charts made of several have a width of their own. */
function follow(view: View | null, width: number): void {
  if (!view || width === 0 || !('width' in view.getState().signals)) return;
  if (Math.abs(Number(view.signal('width')) - width) > 1) void view.signal('width', width).runAsync();
}

function viewOf(spec: Record<string, unknown>, title: string, container: HTMLElement): View {
  const described = { description: title, ...spec } as unknown as TopLevelSpec;
  const compiled = compile(described, { config: chartConfig(), logger: SILENT }).spec as Spec;
  return new View(parse(compiled, undefined, { ast: true }), {
    expr: expressionInterpreter,
    loader: NOTHING_TO_LOAD,
    renderer: 'svg',
    container,
    logger: SILENT,
    logLevel: Warn,
  });
}

/** What the library says about a specification is for its author; the console of this page stays ours. */
const SILENT = {
  level: () => Warn,
  error: () => SILENT,
  warn: () => SILENT,
  info: () => SILENT,
  debug: () => SILENT,
} as never;

function words(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
