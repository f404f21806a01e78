import { useEffect, useState } from 'react';
import { nameProblem } from '@/pipeline/names';
import { useView } from '../editor-context';
import styles from './inspector.module.css';

interface Props {
  name: string;
  readOnly: boolean;
  /** False when it was refused. */
  onRename(name: string): boolean;
}

/** The step's name; renaming follows every reference. A name that cannot be is explained while typing. */
export function StepName({ name, readOnly, onRename }: Props) {
  const { graph } = useView();
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  const others = new Set(graph.steps.map((entry) => entry.name).filter((other) => other !== name));
  const problem = typed === name ? null : nameProblem('step', typed, others);
  const commit = () => {
    if (typed === name) return;
    if (problem || !onRename(typed)) setTyped(name);
  };
  return (
    <>
      <input
        className={styles.name}
        aria-label="Step name"
        aria-invalid={problem !== null}
        data-step-name
        value={typed}
        disabled={readOnly}
        spellCheck={false}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.currentTarget.blur();
          if (event.key === 'Escape') {
            setTyped(name);
            event.stopPropagation();
          }
        }}
      />
      {problem ? <p className={styles.wrong}>{problem}</p> : null}
    </>
  );
}
