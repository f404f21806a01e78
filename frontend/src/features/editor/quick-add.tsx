import { useReactFlow } from '@xyflow/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Point, WireStart } from '@/components/canvas/canvas';
import { IN } from '@/components/canvas/geometry';
import { FamilyTile } from '@/components/ui/family-tile';
import { outputs, typeInfo } from '@/pipeline/catalog';
import { fitsWire } from '@/pipeline/connect';
import { NODE_HEIGHT, NODE_WIDTH } from '@/pipeline/layout';
import { paletteEntries, searchPalette } from '@/pipeline/palette';
import type { EditorCommands } from './commands';
import { useScene, useView } from './editor-context';
import { Popup } from './popup';
import styles from './popup.module.css';

export interface QuickAddAt {
  /** Where on the canvas; null: below the client point. */
  flow: Point | null;
  client: Point;
  /** The wire that was dropped here, to be joined to the new step. */
  wire: WireStart | null;
}

interface Props {
  at: QuickAddAt;
  commands: EditorCommands;
  onClose(): void;
}

/** The palette at the pointer: type a word, press Enter. After a dropped wire it offers only steps that fit. */
export function QuickAdd({ at, commands, onClose }: Props) {
  const { catalog } = useScene();
  const { graph } = useView();
  const flow = useReactFlow();
  const [search, setSearch] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const offered = useMemo(() => {
    const all = paletteEntries(catalog);
    const entry = at.wire ? graph.steps.find((step) => step.name === at.wire?.step) : undefined;
    if (!entry || !at.wire) return all;
    const { port } = at.wire;
    if (port !== IN) return all.filter((candidate) => fitsWire(catalog, entry, port, candidate.type));
    return all.filter((candidate) => {
      const before = { ...entry, name: '', kind: candidate.type, step: candidate.template };
      return (
        outputs(candidate.template, typeInfo(catalog, candidate.type)).length > 0 &&
        fitsWire(catalog, before, 'out', entry.type)
      );
    });
  }, [catalog, graph, at.wire]);
  const found = searchPalette(offered, search);
  const hits = [...found.filter((entry) => !entry.reason), ...found.filter((entry) => entry.reason)].slice(
    0,
    30,
  );
  const add = (index: number) => {
    const entry = hits[index];
    if (!entry) return;
    const shift = at.wire ? (at.wire.port === IN ? -NODE_WIDTH : 0) : -NODE_WIDTH / 2;
    const place = at.flow ?? flow.screenToFlowPosition(at.client);
    commands.addAt(entry, { x: place.x + shift, y: place.y - NODE_HEIGHT / 2 }, at.wire);
    onClose();
  };
  return (
    <Popup at={at.client} label="Add a step" onClose={onClose}>
      <input
        ref={input}
        className={styles.input}
        type="search"
        aria-label="Search steps to add"
        placeholder={at.wire ? 'Add a step that fits' : 'Add a step'}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') add(0);
        }}
      />
      {hits.map((entry, index) => (
        <button key={entry.id} type="button" className={styles.option} onClick={() => add(index)}>
          <FamilyTile family={entry.family} icon={entry.icon} />
          <span>
            {entry.title}
            <small>{entry.description}</small>
          </span>
        </button>
      ))}
      {hits.length === 0 ? <p className={styles.none}>No step fits “{search}”.</p> : null}
    </Popup>
  );
}
