import {
  BarChart3,
  Box,
  Code2,
  Database,
  Diamond,
  Hand,
  type LucideIcon,
  Puzzle,
  Target,
} from 'lucide-react';

/** Step families: a colour and an icon, the same in the palette, on a node and in a table. */
export type Family = 'data' | 'train' | 'check' | 'model' | 'control' | 'code' | 'people' | 'unknown';

export interface FamilyLook {
  icon: LucideIcon;
  color: string;
  soft: string;
}

const LOOKS: Record<Family, FamilyLook> = {
  data: { icon: Database, color: 'var(--data)', soft: 'var(--data-soft)' },
  train: { icon: Target, color: 'var(--train)', soft: 'var(--train-soft)' },
  check: { icon: BarChart3, color: 'var(--check)', soft: 'var(--check-soft)' },
  model: { icon: Box, color: 'var(--model)', soft: 'var(--model-soft)' },
  control: { icon: Diamond, color: 'var(--ctrl)', soft: 'var(--ctrl-soft)' },
  code: { icon: Code2, color: 'var(--code)', soft: 'var(--code-soft)' },
  people: { icon: Hand, color: 'var(--hand)', soft: 'var(--hand-soft)' },
  unknown: { icon: Puzzle, color: 'var(--text-3)', soft: 'var(--wait-soft)' },
};

export function familyLook(family: string): FamilyLook {
  return isFamily(family) ? LOOKS[family] : LOOKS.unknown;
}

function isFamily(value: string): value is Family {
  return Object.hasOwn(LOOKS, value);
}
