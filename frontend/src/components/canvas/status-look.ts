import {
  CircleCheck,
  CircleDashed,
  CircleX,
  Clock,
  Hand,
  Hourglass,
  LoaderCircle,
  type LucideIcon,
  Minus,
  RefreshCcw,
  RotateCw,
  Square,
} from 'lucide-react';
import type { StatusTone } from './sources';

export interface StatusLook {
  icon: LucideIcon;
  /** The word, for screen readers, tables and chips. */
  word: string;
  color: string;
  soft: string;
  spins: boolean;
}

const look = (icon: LucideIcon, word: string, token: string, spins = false): StatusLook => ({
  icon,
  word,
  color: `var(--${token})`,
  soft: `var(--${token}-soft)`,
  spins,
});

/** Icon, word and colour of every status; the same in nodes, chips, tables and timelines. */
export const STATUS_LOOKS: Record<StatusTone, StatusLook> = {
  waiting: look(Clock, 'waiting', 'wait'),
  queued: look(Hourglass, 'queued', 'wait'),
  starting: look(CircleDashed, 'starting', 'run'),
  executing: look(LoaderCircle, 'executing', 'run', true),
  succeeded: look(CircleCheck, 'succeeded', 'ok'),
  cached: look(RefreshCcw, 'cached', 'ok'),
  failed: look(CircleX, 'failed', 'bad'),
  retrying: look(RotateCw, 'retrying', 'warn'),
  stopping: look(Square, 'stopping', 'wait'),
  stopped: look(Square, 'stopped', 'wait'),
  skipped: look(Minus, 'not taken', 'wait'),
  blocked: look(Minus, 'blocked', 'wait'),
  person: look(Hand, 'needs a person', 'hand'),
};
