import { Menu } from '@mantine/core';
import { Plus } from 'lucide-react';
import { COMPARISONS, NEW_COMPARISON, shapeOf, sidesOf, withType } from '@/pipeline/conditions';
import { setCondition } from '@/pipeline/edit/values';
import { type Field, fieldOf, hintOf } from '@/pipeline/form';
import { isNumber, items, type Json, type JsonObject, member } from '@/pipeline/json';
import { child } from '@/pipeline/pointer';
import { sourceOf } from '@/pipeline/source';
import { useScene } from '../editor-context';
import styles from './conditions-field.module.css';
import { ExpressionValue } from './expression-value';
import fieldStyles from './field.module.css';
import { FieldRow } from './field-row';
import { useStepForm } from './form-context';
import { ListField, RemoveButton } from './list-field';
import { ValueBox } from './value-box';

interface Props {
  field: Field;
  value: Json | undefined;
}

/** The comparisons of a condition in plain words: all must hold; any group of them may be "one of", any may be "not". */
export function ConditionsField({ field, value }: Props) {
  return (
    <FieldRow
      pointer={field.pointer}
      label={field.title}
      hint={hintOf(field) || 'all must hold'}
      help={field.help}
      deep={false}
    >
      <ConditionList pointer={field.pointer} list={items(value)} joint="and" />
    </FieldRow>
  );
}

function ConditionList({
  pointer,
  list,
  joint,
}: {
  pointer: string;
  list: readonly Json[];
  joint: 'and' | 'or';
}) {
  const form = useStepForm();
  const { store } = useScene();
  const writeAll = (next: Json[]) =>
    pointer === '/Arguments/Conditions'
      ? store.getState().run((documents) => setCondition(documents, form.entry.name, next))
      : form.write(pointer, next);
  const add = (condition: JsonObject) => writeAll([...list, condition]);
  return (
    <div className={fieldStyles.list}>
      {list.map((condition, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: comparisons are told apart by their place only
        <div key={index}>
          {index > 0 ? <div className={styles.joint}>{joint}</div> : null}
          <ConditionCard
            pointer={child(pointer, index)}
            condition={condition}
            onRemove={() => writeAll(list.filter((_, place) => place !== index))}
          />
        </div>
      ))}
      {form.readOnly ? null : (
        <Menu position="bottom-start" width={200}>
          <Menu.Target>
            <button type="button" className={fieldStyles.add} data-aside>
              <Plus size={14} aria-hidden="true" />
              Add comparison
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => add(NEW_COMPARISON)}>Compare two values</Menu.Item>
            <Menu.Item onClick={() => add({ Type: 'Or', Conditions: [NEW_COMPARISON] })}>
              One of several
            </Menu.Item>
            <Menu.Item onClick={() => add({ Type: 'Not', Condition: NEW_COMPARISON })}>
              The opposite of
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}

interface CardProps {
  pointer: string;
  condition: Json;
  onRemove(): void;
}

function ConditionCard({ pointer, condition, onRemove }: CardProps) {
  const shape = shapeOf(condition);
  if (shape === 'or') {
    return (
      <Frame title="One of these holds" onRemove={onRemove}>
        <ConditionList
          pointer={child(pointer, 'Conditions')}
          list={items(member(condition, 'Conditions'))}
          joint="or"
        />
      </Frame>
    );
  }
  if (shape === 'not') {
    return (
      <Frame title="This does not hold" onRemove={onRemove}>
        <ConditionCard
          pointer={child(pointer, 'Condition')}
          condition={member(condition, 'Condition') ?? NEW_COMPARISON}
          onRemove={onRemove}
        />
      </Frame>
    );
  }
  if (shape === 'unknown') {
    return (
      <Frame title="As JSON" onRemove={onRemove}>
        <ExpressionValue
          field={fieldOf('', {}, pointer, true)}
          value={condition}
          controlId={undefined}
          label="Comparison"
        />
      </Frame>
    );
  }
  return <Comparison pointer={pointer} condition={condition} onRemove={onRemove} />;
}

function Frame({
  title,
  onRemove,
  children,
}: {
  title: string;
  onRemove(): void;
  children: React.ReactNode;
}) {
  return (
    <fieldset className={styles.frame}>
      <legend className={styles.legend}>
        {title}
        <RemoveButton label={`Remove “${title}”`} onRemove={onRemove} />
      </legend>
      {children}
    </fieldset>
  );
}

function Comparison({ pointer, condition, onRemove }: CardProps) {
  const form = useStepForm();
  const { left, right } = sidesOf(condition);
  const type = String(member(condition, 'Type'));
  const rightValue = member(condition, right);
  return (
    <div className={styles.comparison}>
      <FieldRow pointer={child(pointer, left)} label="Value">
        <ValueBox
          field={fieldOf(left, { type: 'string' }, child(pointer, left), true)}
          value={member(condition, left)}
          label="Value to compare"
        />
      </FieldRow>
      <div className={styles.operator}>
        <select
          aria-label="Comparison"
          disabled={form.readOnly}
          value={type}
          onChange={(event) => form.write(pointer, withType(condition, event.target.value))}
        >
          {COMPARISONS.map((entry) => (
            <option key={entry.type} value={entry.type}>
              {entry.words} ({entry.sign})
            </option>
          ))}
        </select>
        <RemoveButton label="Remove this comparison" onRemove={onRemove} />
      </div>
      {right === 'Values' || right === 'In' ? (
        <ListField
          field={fieldOf(
            right,
            { type: 'array', title: 'One of', items: { type: 'string', title: 'value' } },
            child(pointer, right),
            true,
          )}
          value={rightValue}
        />
      ) : (
        <FieldRow pointer={child(pointer, right)} label="With">
          <ValueBox
            field={fieldOf(right, rightSchema(rightValue, type), child(pointer, right), true)}
            value={rightValue}
            label="Compare with"
          />
        </FieldRow>
      )}
    </div>
  );
}

/** Orderings compare numbers; equality compares what is there. */
function rightSchema(value: Json | undefined, type: string): JsonObject {
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (isNumber(value)) return { type: 'number' };
  return { type: type === 'Equals' || sourceOf(value) !== 'fixed' ? 'string' : 'number' };
}
