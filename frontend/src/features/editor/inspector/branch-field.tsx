import { Menu } from '@mantine/core';
import { Plus } from 'lucide-react';
import { upstream } from '@/pipeline/cycle';
import { connectBranch, disconnectBranch } from '@/pipeline/edit/steps';
import type { Field } from '@/pipeline/form';
import { items, type Json, member, text } from '@/pipeline/json';
import { useScene, useView } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';
import { RemoveButton } from './list-field';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** The steps of a branch: go to one, take one out, put one in. */
export function BranchField({ field, value }: Props) {
  const { store } = useScene();
  const { graph } = useView();
  const form = useStepForm();
  const name = form.entry.name;
  const branch = field.key === 'IfSteps' ? 'if' : field.key === 'ElseSteps' ? 'else' : null;
  const names = items(value).flatMap((step) => text(member(step, 'Name')) ?? []);
  const before = upstream(graph.edges, name);
  const offered = graph.steps.filter(
    (entry) => entry.name !== name && !before.has(entry.name) && !names.includes(entry.name),
  );
  return (
    <FieldRow pointer={field.pointer} label={field.title} help={field.help} deep={false}>
      <div className={styles.list}>
        {names.map((step) => (
          <div key={step} className={styles.line}>
            <div className={styles.box}>
              <button type="button" className={styles.reference} onClick={() => store.getState().show(step)}>
                <code>{step}</code>
              </button>
            </div>
            <RemoveButton
              label={`Take ${step} out of this branch`}
              onRemove={() => store.getState().run((documents) => disconnectBranch(documents, step))}
            />
          </div>
        ))}
        {form.readOnly || branch === null ? null : (
          <Menu position="bottom-start" width={220}>
            <Menu.Target>
              <button type="button" className={styles.add} data-aside>
                <Plus size={14} aria-hidden="true" />
                Add step
              </button>
            </Menu.Target>
            <Menu.Dropdown mah={280} style={{ overflowY: 'auto' }}>
              {offered.length === 0 ? <Menu.Label>Every other step comes before this one.</Menu.Label> : null}
              {offered.map((entry) => (
                <Menu.Item
                  key={entry.name}
                  onClick={() =>
                    store.getState().run((documents) => connectBranch(documents, name, branch, entry.name))
                  }
                >
                  {entry.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
    </FieldRow>
  );
}
