import { Button, Modal } from '@mantine/core';
import { type Parameter, stepEntries } from '@/pipeline/definition';
import { type Json, NumberLiteral } from '@/pipeline/json';
import { isWithin, parsePointer } from '@/pipeline/pointer';
import styles from './dialogs.module.css';

interface Props {
  parameter: Parameter;
  /** Pointers of the places that use it. */
  uses: readonly string[];
  definition: Json;
  onConfirm(): void;
  onClose(): void;
}

/** Before a parameter goes that steps use: which places, and what stands there afterwards. */
export function ParameterUses({ parameter, uses, definition, onConfirm, onClose }: Props) {
  const steps = stepEntries(definition);
  const { defaultValue } = parameter;
  const left = defaultValue instanceof NumberLiteral ? defaultValue.text : JSON.stringify(defaultValue ?? '');
  return (
    <Modal opened onClose={onClose} title={`Delete ${parameter.name}?`}>
      <p className={styles.lead}>
        {defaultValue === undefined
          ? 'It has no default, so these places will be empty:'
          : `These places will hold its default, ${left}, from then on:`}
      </p>
      <ul className={styles.list}>
        {uses.map((pointer) => (
          <li key={pointer}>
            <b>{steps.findLast((entry) => isWithin(pointer, entry.pointer))?.name ?? 'The pipeline'}</b>
            <span>{placeOf(pointer)}</span>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="filled" color="red" data-autofocus onClick={onConfirm}>
          Delete
        </Button>
      </div>
    </Modal>
  );
}

/** The last name on the way to a place that says something: not a list's number, not a part of an expression. */
function placeOf(pointer: string): string {
  const words = parsePointer(pointer).filter(
    (token) => !/^\d+$/.test(token) && !/^(Std:.*|Values)$/.test(token),
  );
  return words.at(-1) ?? '';
}
