import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { StepEntry } from '@/pipeline/definition';
import { EditRefused, editOf, Sketch, stepNamed } from '@/pipeline/edit/edit';
import { identical, member } from '@/pipeline/json';
import { parseText, printText } from '@/pipeline/text';
import { useScene } from '../editor-context';
import styles from './inspector.module.css';

const CodeEditor = lazy(async () => ({
  default: (await import('@/components/code/code-editor')).CodeEditor,
}));

/** The step as JSON, both ways. Text that is no JSON stays here and leaves the step as it was. */
export function StepJson({ entry, readOnly }: { entry: StepEntry; readOnly: boolean }) {
  const { store } = useScene();
  const [typed, setTyped] = useState(() => printText(entry.step, 2));
  useEffect(() => {
    setTyped((current) => {
      const now = parseText(current);
      return now.ok && identical(now.value, entry.step) ? current : printText(entry.step, 2);
    });
  }, [entry.step]);
  const parsed = useMemo(() => parseText(typed), [typed]);
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
    if (!next.ok) return;
    store.getState().run(
      (documents) => {
        if (member(next.value, 'Name') !== entry.name)
          throw new EditRefused('use-rename', 'Rename the step in its title, so that its references follow.');
        const definition = new Sketch(documents.definition);
        const { pointer } = stepNamed(documents.definition, entry.name);
        if (!identical(definition.at(pointer), next.value)) definition.replace(pointer, next.value);
        return editOf('set_value', `Edit ${entry.name} as JSON`, definition);
      },
      { merge: `json ${entry.name}` },
    );
  };
  return (
    <div className={styles.json}>
      <Suspense fallback={null}>
        <CodeEditor
          value={typed}
          language="json"
          label={`JSON of ${entry.name}`}
          readOnly={readOnly}
          marks={marks}
          onChange={change}
        />
      </Suspense>
    </div>
  );
}
