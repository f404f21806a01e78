import { ChevronDown, ChevronRight, Search, X } from 'lucide-react';
import { type DragEvent, memo, useMemo, useRef, useState } from 'react';
import { STEP_DRAG } from '@/components/canvas/canvas';
import { FamilyTile } from '@/components/ui/family-tile';
import { type PaletteEntry, paletteEntries, searchPalette, sections } from '@/pipeline/palette';
import { useScene } from './editor-context';
import styles from './palette.module.css';

interface Props {
  onAdd(entry: PaletteEntry): void;
}

/** Every step there is, by family; search, click to add, or drag to a place. */
export function Palette({ onAdd }: Props) {
  const { catalog, readOnly } = useScene();
  const [search, setSearch] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const entries = useMemo(() => paletteEntries(catalog), [catalog]);
  const hits = useMemo(() => searchPalette(entries, search), [entries, search]);
  const [others, setOthers] = useState(false);
  const here = hits.filter((entry) => entry.reason === null);
  const elsewhere = hits.filter((entry) => entry.reason !== null);
  const shown = search.trim()
    ? [{ id: 'hits', title: `${hits.length} found`, entries: [...here, ...elsewhere] }]
    : sections(catalog, here);
  return (
    <aside className={styles.palette} aria-label="Steps">
      <div className={styles.search}>
        <Search size={14} aria-hidden="true" />
        <input
          ref={input}
          type="search"
          aria-label="Search steps"
          placeholder="Search steps"
          value={search}
          data-palette-search
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && hits[0] && !readOnly) onAdd(hits[0]);
            if (event.key === 'Escape') {
              setSearch('');
              event.currentTarget.blur();
            }
          }}
        />
        {search ? (
          <button
            type="button"
            className={styles.clear}
            aria-label="Clear search"
            onClick={() => setSearch('')}
          >
            <X size={13} aria-hidden="true" />
          </button>
        ) : (
          <kbd>/</kbd>
        )}
      </div>
      <div className={styles.list}>
        {shown.map((section) => (
          <section key={section.id} aria-label={section.title}>
            <h2 className={styles.family}>{section.title}</h2>
            {section.entries.map((entry) => (
              <PaletteItem key={entry.id} entry={entry} disabled={readOnly} onAdd={onAdd} />
            ))}
          </section>
        ))}
        {!search.trim() && elsewhere.length > 0 ? (
          <section aria-label="Steps that cannot run here">
            <button
              type="button"
              className={styles.others}
              aria-expanded={others}
              onClick={() => setOthers(!others)}
            >
              {others ? (
                <ChevronDown size={13} aria-hidden="true" />
              ) : (
                <ChevronRight size={13} aria-hidden="true" />
              )}
              {elsewhere.length} that cannot run here
            </button>
            {others
              ? elsewhere.map((entry) => (
                  <PaletteItem key={entry.id} entry={entry} disabled={readOnly} onAdd={onAdd} />
                ))
              : null}
          </section>
        ) : null}
        {hits.length === 0 ? (
          <p className={styles.none}>
            No step fits “{search}”.{' '}
            <button type="button" className={styles.link} onClick={() => setSearch('')}>
              Clear search
            </button>
          </p>
        ) : null}
      </div>
    </aside>
  );
}

interface ItemProps extends Props {
  entry: PaletteEntry;
  disabled: boolean;
}

const PaletteItem = memo(function PaletteItem({ entry, disabled, onAdd }: ItemProps) {
  const onDragStart = (event: DragEvent) => {
    event.dataTransfer.setData(STEP_DRAG, entry.id);
    event.dataTransfer.effectAllowed = 'copy';
  };
  return (
    <button
      type="button"
      className={styles.item}
      draggable={!disabled}
      disabled={disabled}
      title={entry.reason ?? entry.description}
      onDragStart={onDragStart}
      onClick={() => onAdd(entry)}
    >
      <FamilyTile family={entry.family} icon={entry.icon} />
      <span className={styles.words}>
        <span className={styles.title}>{entry.title}</span>
        <small>{entry.reason ? 'Cannot run here' : entry.description}</small>
      </span>
    </button>
  );
});
