import { type Catalog, familyOf, outputs, type StepTypeInfo } from './catalog';
import type { JsonObject } from './json';

/** One thing the palette offers: a step type, or a variant of one. */
export interface PaletteEntry {
  id: string;
  type: string;
  title: string;
  description: string;
  family: string;
  icon: string;
  synonyms: readonly string[];
  template: JsonObject;
  /** Why it cannot run here, null when it can. */
  reason: string | null;
}

export interface PaletteSection {
  id: string;
  title: string;
  entries: PaletteEntry[];
}

export function paletteEntries(catalog: Catalog): PaletteEntry[] {
  return catalog.types.flatMap((info) => [
    entryOf(info),
    ...(info.variants ?? []).map((variant) => ({
      ...entryOf(info),
      id: `${info.type}/${variant.id}`,
      title: variant.title,
      description: variant.description,
      synonyms: variant.synonyms,
      template: variant.template,
      family: familyOf(info, outputs(variant.template, info)),
    })),
  ]);
}

function entryOf(info: StepTypeInfo): PaletteEntry {
  const { type, title, description, family, synonyms, template } = info;
  return {
    id: type,
    type,
    title,
    description,
    family,
    icon: info.library?.icon ?? '',
    synonyms,
    template,
    reason: info.runnable ? null : info.reason,
  };
}

/**
 * Entries that fit a search, best first: beginning of the title, word in the title, type, synonym, description.
 * Every word of the search must fit somewhere. An empty search gives everything in catalog order.
 */
export function searchPalette(entries: readonly PaletteEntry[], search: string): PaletteEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries];
  return entries
    .map((entry) => ({ entry, score: Math.min(...words.map((word) => scoreOf(entry, word))) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ entry }) => entry);
}

function scoreOf(entry: PaletteEntry, word: string): number {
  const title = entry.title.toLowerCase();
  if (title.startsWith(word)) return 5;
  if (title.split(/\s+/).some((part) => part.startsWith(word))) return 4;
  if (entry.synonyms.some((synonym) => synonym.toLowerCase().startsWith(word))) return 3;
  if (entry.type.toLowerCase().includes(word) || title.includes(word)) return 2;
  return entry.description.toLowerCase().includes(word) ? 1 : 0;
}

/** Entries by family, in the catalog's order of families; empty families are left out. */
export function sections(catalog: Catalog, entries: readonly PaletteEntry[]): PaletteSection[] {
  const known = catalog.families.map((family) => ({
    ...family,
    entries: entries.filter((entry) => entry.family === family.id),
  }));
  const ids = new Set(catalog.families.map((family) => family.id));
  const rest = entries.filter((entry) => !ids.has(entry.family));
  return [...known, { id: 'other', title: 'Other', entries: rest }].filter(
    (section) => section.entries.length > 0,
  );
}
