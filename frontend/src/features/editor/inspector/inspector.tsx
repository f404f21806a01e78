import { Tabs } from '@mantine/core';
import { PanelRightClose } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { FamilyTile } from '@/components/ui/family-tile';
import { familyOf, infoOf, outputs, type StepTypeInfo } from '@/pipeline/catalog';
import type { StepEntry } from '@/pipeline/definition';
import { setValue, unsetValue } from '@/pipeline/edit/values';
import { fieldsOfGroup, formGroups } from '@/pipeline/form';
import type { Json } from '@/pipeline/json';
import { OPTIONS } from '@/pipeline/library';
import { isWithin } from '@/pipeline/pointer';
import type { Source } from '@/pipeline/source';
import type { EditorCommands } from '../commands';
import { useEditor, useScene, useView } from '../editor-context';
import { type StepForm, StepFormContext } from './form-context';
import styles from './inspector.module.css';
import { LibraryForm } from './library-form';
import { NothingSelected, SeveralSelected, WireSelected } from './other-selections';
import { FieldList } from './schema-field';
import { StepCode } from './step-code';
import { StepJson } from './step-json';
import { StepName } from './step-name';

interface Props {
  commands: EditorCommands;
  onCollapse(): void;
}

/** Values a field held under a source the person left, for as long as the page lives. */
const memory = new Map<string, Json | undefined>();

/** What is selected, and everything that can be set about it. */
export function Inspector({ commands, onCollapse }: Props) {
  const selected = useEditor((state) => state.selected);
  const selectedEdges = useEditor((state) => state.selectedEdges);
  const { graph } = useView();
  const { readOnly } = useScene();
  const entry = graph.steps.find((candidate) => candidate.name === selected[0]);
  const edge = graph.edges.find((candidate) => candidate.id === selectedEdges[0]);
  return (
    <aside className={styles.inspector} aria-label="Inspector" data-read-only={readOnly || undefined}>
      <button type="button" className={styles.collapse} aria-label="Hide inspector" onClick={onCollapse}>
        <PanelRightClose size={16} aria-hidden="true" />
      </button>
      {selected.length > 1 ? <SeveralSelected commands={commands} /> : null}
      {selected.length === 1 && entry ? (
        <StepInspector key={entry.name} entry={entry} commands={commands} />
      ) : null}
      {selected.length === 0 && edge ? <WireSelected edge={edge} commands={commands} /> : null}
      {selected.length === 0 && !edge ? <NothingSelected /> : null}
    </aside>
  );
}

function StepInspector({ entry, commands }: { entry: StepEntry; commands: EditorCommands }) {
  const { store, catalog, readOnly, pipeline } = useScene();
  const problems = useEditor((state) => state.problems);
  const focusAt = useEditor((state) => state.focus);
  const info = infoOf(catalog, entry);
  const family = familyOf(info, outputs(entry.step, info));
  const groups = useMemo(() => (info ? groupsOf(info) : []), [info]);
  const [chosen, setTab] = useState<string | null>(groups[0] ?? 'JSON');
  // A step that was turned into code has no such tab any more.
  const tab = chosen === 'Code' && !info?.library ? 'Settings' : chosen;
  const focus =
    focusAt && isWithin(focusAt.pointer, entry.pointer) ? focusAt.pointer.slice(entry.pointer.length) : null;

  const groupOfFocus = useMemo(() => {
    if (!focus || !info) return null;
    if (info.library && (isWithin(focus, OPTIONS) || isWithin(focus, '/Arguments/ProcessingInputs')))
      return 'Settings';
    return (
      groups.find((group) =>
        fieldsOfGroup(info.schema, group).some((field) => isWithin(focus, field.pointer)),
      ) ?? null
    );
  }, [focus, info, groups]);
  const seen = useRef<object | null>(null);
  useEffect(() => {
    if (!focusAt || seen.current === focusAt) return;
    seen.current = focusAt;
    if (groupOfFocus) setTab(groupOfFocus);
  }, [focusAt, groupOfFocus]);

  const form = useMemo((): StepForm => {
    const key = (pointer: string, source: Source) => `${pipeline.id} ${entry.name} ${pointer} ${source}`;
    return {
      entry,
      readOnly,
      focus,
      write: (pointer, value) =>
        void store
          .getState()
          .run(
            (documents) =>
              value === undefined
                ? unsetValue(documents, entry.name, pointer)
                : setValue(documents, entry.name, pointer, value),
            { merge: `field ${entry.name}${pointer}` },
          ),
      problemsAt: (pointer) =>
        problems.filter((problem) => isWithin(problem.pointer, entry.pointer + pointer)),
      remembered: (pointer, source) => memory.get(key(pointer, source)),
      remember: (pointer, source, value) => void memory.set(key(pointer, source), value),
    };
  }, [store, entry, readOnly, focus, problems, pipeline.id]);

  return (
    <StepFormContext.Provider value={form}>
      <header className={styles.head}>
        <FamilyTile family={family} icon={info?.library?.icon ?? ''} />
        <div className={styles.names}>
          <StepName
            name={entry.name}
            readOnly={readOnly}
            onRename={(name) => commands.rename(entry.name, name)}
          />
          <span className={styles.type}>
            {info
              ? info.library || info.title === entry.type
                ? `${info.title} step`
                : `${info.title} · ${entry.type}`
              : `${entry.type || 'Unknown'} · unknown type`}
          </span>
        </div>
      </header>
      {info?.reason ? <p className={styles.notice}>{info.reason}</p> : null}
      <Tabs
        value={tab && idOf(tab)}
        onChange={(id) => setTab([...groups, 'Code', 'JSON'].find((title) => idOf(title) === id) ?? null)}
        keepMounted={false}
        classNames={{ root: styles.tabs, list: styles.tabList, tab: styles.tab, panel: styles.panel }}
      >
        <Tabs.List>
          {groups.map((group) => (
            <Tabs.Tab key={group} value={idOf(group)}>
              {group}
            </Tabs.Tab>
          ))}
          {info?.library ? <Tabs.Tab value="Code">Code</Tabs.Tab> : null}
          <Tabs.Tab value="JSON">JSON</Tabs.Tab>
        </Tabs.List>
        {groups.map((group) => (
          <Tabs.Panel key={group} value={idOf(group)}>
            {info ? <Group info={info} group={group} /> : null}
          </Tabs.Panel>
        ))}
        {info?.library ? (
          <Tabs.Panel value="Code">
            <StepCode step={entry.name} />
          </Tabs.Panel>
        ) : null}
        <Tabs.Panel value="JSON">
          <StepJson entry={entry} readOnly={readOnly} />
        </Tabs.Panel>
      </Tabs>
    </StepFormContext.Provider>
  );
}

/** A tab's title as a part of an element's id, where no blank may stand. */
const idOf = (title: string): string => title.replaceAll(/\W+/g, '-');

/** A ready-made step has settings of its own; what it is made of inside is in the JSON. */
function groupsOf(info: StepTypeInfo): string[] {
  const groups = formGroups(info.schema);
  return info.library ? groups.filter((group) => group !== 'Data') : groups;
}

function Group({ info, group }: { info: StepTypeInfo; group: string }) {
  if (info.library && group === 'Settings')
    return <LibraryForm library={info.library} schema={info.schema} />;
  return <FieldList fields={fieldsOfGroup(info.schema, group)} />;
}
