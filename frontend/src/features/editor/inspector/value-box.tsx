import { useMemo } from 'react';
import type { Field } from '@/pipeline/form';
import type { Json } from '@/pipeline/json';
import { type Source, sourceOf } from '@/pipeline/source';
import { ExpressionValue } from './expression-value';
import styles from './field.module.css';
import { FixedValue } from './fixed-value';
import { useStepForm } from './form-context';
import { OutputValue } from './output-value';
import { ParameterValue } from './parameter-value';
import { SourceMenu } from './source-menu';

interface Props {
  field: Field;
  value: Json | undefined;
  controlId?: string;
  /** What screen readers call the control when no visible label belongs to it. */
  label?: string;
}

/** One value and where it comes from: written here, a parameter, another step's output, or an expression. */
export function ValueBox({ field, value, controlId, label }: Props) {
  const form = useStepForm();
  const source = sourceOf(value);
  const name = label ?? field.title;
  const shared = useMemo(() => ({ field, controlId, label: name }), [field, controlId, name]);
  const switchTo = (next: Source) => {
    if (next === source) return;
    form.remember(field.pointer, source, value);
    form.write(field.pointer, form.remembered(field.pointer, next) ?? startOf(next, value));
  };
  return (
    <div className={styles.box}>
      <div className={styles.control}>
        {source === 'fixed' ? <FixedValue {...shared} value={value} /> : null}
        {source === 'parameter' ? <ParameterValue {...shared} value={value} /> : null}
        {source === 'output' ? <OutputValue {...shared} value={value} /> : null}
        {source === 'expression' ? <ExpressionValue {...shared} value={value} /> : null}
      </div>
      <SourceMenu source={source} label={name} disabled={form.readOnly} onChange={switchTo} />
    </div>
  );
}

/** What a field holds right after its source was switched, before anything is chosen. */
function startOf(source: Source, before: Json | undefined): Json | undefined {
  switch (source) {
    case 'fixed':
      return '';
    case 'parameter':
      return { Get: 'Parameters.' };
    case 'output':
      return { Get: 'Steps.' };
    case 'expression':
      return { 'Std:Join': { On: '', Values: before === undefined || before === '' ? [''] : [before] } };
  }
}
