import { Tooltip } from '@mantine/core';
import { CircleHelp } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { isWithin } from '@/pipeline/pointer';
import { FixButtons } from '../fix-buttons';
import styles from './field.module.css';
import { useStepForm } from './form-context';

interface Props {
  /** Relative to the step. */
  pointer: string;
  label: string;
  /** id of the control the label is for; left out for groups of controls. */
  controlId?: string;
  hint?: string;
  help?: string;
  /** Show problems of everything below too; lists and objects leave those to their parts. */
  deep?: boolean;
  children: ReactNode;
}

/** Label, remark and help above a control, its problems below; scrolls into view when the person is led here. */
export function FieldRow({ pointer, label, controlId, hint, help, deep = true, children }: Props) {
  const { problemsAt, focus, entry } = useStepForm();
  const row = useRef<HTMLDivElement>(null);
  const problems = problemsAt(pointer).filter(
    (problem) => deep || problem.pointer === entry.pointer + pointer,
  );
  const wanted = focus !== null && (deep ? isWithin(focus, pointer) : focus === pointer);
  useEffect(() => {
    if (!wanted) return;
    row.current?.scrollIntoView({ block: 'center' });
    row.current
      ?.querySelector<HTMLElement>('input, textarea, select, button:not([data-aside]), .cm-content')
      ?.focus();
  }, [wanted]);
  return (
    <div ref={row} className={styles.row} data-field={pointer}>
      <div className={styles.head}>
        {controlId ? (
          <label htmlFor={controlId}>{label}</label>
        ) : (
          <span className={styles.label}>{label}</span>
        )}
        {help ? (
          <Tooltip label={help} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
            <button type="button" className={styles.help} aria-label={`Help: ${help}`} data-aside>
              <CircleHelp size={13} aria-hidden="true" />
            </button>
          </Tooltip>
        ) : null}
        <em>{hint}</em>
      </div>
      {children}
      {problems.map((problem) => (
        <div key={problem.code + problem.message} className={styles.problem}>
          <p className={problem.severity === 'error' ? styles.error : styles.warning}>{problem.message}</p>
          <FixButtons problem={problem} className={styles.fix} />
        </div>
      ))}
    </div>
  );
}
