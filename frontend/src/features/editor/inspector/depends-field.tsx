import { Menu } from '@mantine/core';
import { Plus } from 'lucide-react';
import { downstream } from '@/pipeline/cycle';
import { depend, dependencyOf, disconnect } from '@/pipeline/edit/wires';
import { type Field, hintOf } from '@/pipeline/form';
import type { Trigger } from '@/pipeline/graph';
import { items, type Json } from '@/pipeline/json';
import { child } from '@/pipeline/pointer';
import { useScene, useView } from '../editor-context';
import styles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';
import { RemoveButton } from './list-field';

interface Props {
  field: Field;
  value: Json | undefined;
}

const WHEN: readonly { trigger: Trigger; words: string }[] = [
  { trigger: 'Succeeded', words: 'after it succeeded' },
  { trigger: 'Failed', words: 'after it failed' },
  { trigger: 'Stopped', words: 'after it was stopped' },
  { trigger: 'Any', words: 'however it ended' },
];

/** Steps this one waits for without taking anything from them, and after which end. */
export function DependsField({ field, value }: Props) {
  const { store } = useScene();
  const { graph } = useView();
  const form = useStepForm();
  const name = form.entry.name;
  const list = items(value);
  const waiting = new Set(list.map((entry) => dependencyOf(entry).step));
  const after = downstream(graph.edges, name);
  const offered = graph.steps.filter(
    (entry) => entry.name !== name && !after.has(entry.name) && !waiting.has(entry.name),
  );
  return (
    <FieldRow pointer={field.pointer} label={field.title} hint={hintOf(field)} help={field.help}>
      <div className={styles.list}>
        {list.map((entry, index) => {
          const { step = '', trigger } = dependencyOf(entry);
          return (
            <div key={step || index} className={styles.line}>
              <div className={styles.box}>
                <div className={styles.control}>
                  <span className={styles.reference}>
                    <code>{step}</code>
                  </span>
                  <select
                    aria-label={`When to run after ${step}`}
                    disabled={form.readOnly}
                    value={trigger}
                    onChange={(event) => {
                      const chosen = WHEN.find((option) => option.trigger === event.target.value);
                      if (chosen)
                        store.getState().run((documents) => depend(documents, step, name, chosen.trigger));
                    }}
                  >
                    {WHEN.map((option) => (
                      <option key={option.trigger} value={option.trigger}>
                        {option.words}
                      </option>
                    ))}
                  </select>
                </div>
              </div>
              <RemoveButton
                label={`Do not wait for ${step}`}
                onRemove={() =>
                  store
                    .getState()
                    .run((documents) => disconnect(documents, name, [child('/DependsOn', index)]))
                }
              />
            </div>
          );
        })}
        {form.readOnly ? null : (
          <Menu position="bottom-start" width={220}>
            <Menu.Target>
              <button type="button" className={styles.add} data-aside>
                <Plus size={14} aria-hidden="true" />
                Add step to wait for
              </button>
            </Menu.Target>
            <Menu.Dropdown mah={280} style={{ overflowY: 'auto' }}>
              {offered.length === 0 ? <Menu.Label>No other step can come before this one.</Menu.Label> : null}
              {offered.map((entry) => (
                <Menu.Item
                  key={entry.name}
                  onClick={() => store.getState().run((documents) => depend(documents, entry.name, name))}
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
