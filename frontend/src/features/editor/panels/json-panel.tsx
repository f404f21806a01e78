import { useEffect, useMemo, useState } from 'react';
import { CodeEditor } from '@/components/code/code-editor';
import { stepEntries } from '@/pipeline/definition';
import { identical, isObject } from '@/pipeline/json';
import { isWithin } from '@/pipeline/pointer';
import { parseText, parseWithSpans, printText } from '@/pipeline/text';
import { useEditor, useScene } from '../editor-context';
import styles from './dock.module.css';

/** The definition as text, both ways. While the text is no JSON, the canvas keeps showing the last good one. */
export function JsonPanel() {
  const { store, readOnly } = useScene();
  const definition = useEditor((state) => state.documents.definition);
  const selected = useEditor((state) => state.selected[0]);
  const [typed, setTyped] = useState(() => printText(definition, 2));
  const parsed = useMemo(() => parseWithSpans(typed), [typed]);

  useEffect(() => {
    setTyped((current) => {
      const now = parseText(current);
      return now.ok && identical(now.value, definition) ? current : printText(definition, 2);
    });
  }, [definition]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only another selection scrolls, a key stroke must not
  const reveal = useMemo(() => {
    const entry = stepEntries(definition).find((candidate) => candidate.name === selected);
    return entry && parsed.ok ? (parsed.spans.get(entry.pointer) ?? null) : null;
  }, [selected]);

  const problem = parsed.ok
    ? isObject(parsed.value)
      ? null
      : 'A definition is a JSON object.'
    : parsed.problem.message;
  const marks = useMemo(
    () =>
      parsed.ok
        ? []
        : [{ from: parsed.problem.offset, to: parsed.problem.offset + 1, message: parsed.problem.message }],
    [parsed],
  );
  const change = (text: string) => {
    setTyped(text);
    const next = parseText(text);
    if (!next.ok || !isObject(next.value)) return;
    const value = next.value;
    store.getState().run(
      (documents) => ({
        name: 'edit_text',
        label: 'Edit as JSON',
        definition: identical(documents.definition, value) ? [] : [{ op: 'replace', path: '', value }],
        layout: [],
      }),
      { merge: 'edit_text', text },
    );
  };
  const follow = (offset: number) => {
    if (!parsed.ok) return;
    const inside = stepEntries(definition).filter((entry) => {
      const span = parsed.spans.get(entry.pointer);
      return span !== undefined && span.from <= offset && offset <= span.to;
    });
    const innermost = inside.find(
      (entry) => !inside.some((other) => other !== entry && isWithin(other.pointer, entry.pointer)),
    );
    if (innermost) store.getState().select([innermost.name]);
  };
  return (
    <div className={styles.json}>
      {problem ? (
        <div className={styles.jsonNote} role="alert">
          {parsed.ok ? problem : `Line ${parsed.problem.line}, column ${parsed.problem.column}: ${problem}`}{' '}
          The canvas shows the last valid text.
        </div>
      ) : null}
      <div className={styles.jsonEditor}>
        <CodeEditor
          value={typed}
          language="json"
          label="Definition as JSON"
          readOnly={readOnly}
          marks={marks}
          reveal={reveal}
          onChange={change}
          onCaret={follow}
        />
      </div>
    </div>
  );
}
