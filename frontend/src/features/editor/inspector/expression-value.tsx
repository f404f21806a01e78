import { useEffect, useState } from 'react';
import type { Field } from '@/pipeline/form';
import { identical, type Json } from '@/pipeline/json';
import { fromTemplate, templateOf } from '@/pipeline/template';
import { parseText, printText } from '@/pipeline/text';
import styles from './field.module.css';
import { useStepForm } from './form-context';

interface Props {
  field: Field;
  value: Json | undefined;
  controlId: string | undefined;
  label: string;
}

/** An expression: a joined text as one line with placeholders in braces, everything else as JSON. */
export function ExpressionValue(props: Props) {
  const form = useStepForm();
  const template = templateOf(props.value);
  if (template === undefined) return <JsonExpression {...props} />;
  return (
    <textarea
      id={props.controlId}
      aria-label={props.label}
      className={styles.mono}
      rows={Math.min(6, 1 + Math.floor(template.length / 34))}
      spellCheck={false}
      value={template}
      disabled={form.readOnly}
      title="Text with places to fill in, for example {Parameters.Name} or {Execution.PipelineExecutionId}"
      onChange={(event) => form.write(props.field.pointer, fromTemplate(event.target.value))}
    />
  );
}

/** What is not (yet) JSON stays in the field and out of the definition. */
function JsonExpression({ field, value, controlId, label }: Props) {
  const form = useStepForm();
  const [typed, setTyped] = useState(() => printText(value, 2));
  const parsed = parseText(typed);
  useEffect(() => {
    setTyped((current) => {
      const now = parseText(current);
      return now.ok && identical(now.value, value) ? current : printText(value, 2);
    });
  }, [value]);
  return (
    <div className={styles.grow}>
      <textarea
        id={controlId}
        aria-label={label}
        className={styles.mono}
        style={{ width: '100%' }}
        rows={Math.min(10, Math.max(3, typed.split('\n').length))}
        spellCheck={false}
        value={typed}
        disabled={form.readOnly}
        aria-invalid={!parsed.ok}
        onChange={(event) => {
          setTyped(event.target.value);
          const next = parseText(event.target.value);
          if (next.ok) form.write(field.pointer, next.value);
        }}
      />
      {parsed.ok ? null : (
        <p className={styles.error}>
          Line {parsed.problem.line}: {parsed.problem.message}
        </p>
      )}
    </div>
  );
}
