import { CircleAlert, CircleCheck, CircleX, LoaderCircle, Square } from 'lucide-react';
import { Chip, type ChipTone } from './chip';

const LOOKS: Record<string, { tone: ChipTone; word: string; icon: typeof CircleCheck }> = {
  Executing: { tone: 'run', word: 'Executing', icon: LoaderCircle },
  Stopping: { tone: 'plain', word: 'Stopping', icon: Square },
  Stopped: { tone: 'plain', word: 'Stopped', icon: Square },
  Failed: { tone: 'bad', word: 'Failed', icon: CircleX },
  Succeeded: { tone: 'ok', word: 'Succeeded', icon: CircleCheck },
  CompletedWithFailures: { tone: 'warn', word: 'Completed with failures', icon: CircleAlert },
};

/** An execution's status as icon, word and colour; `extra` follows after a dot. */
export function ExecutionStatusChip({ status, extra }: { status: string; extra?: string }) {
  const look = LOOKS[status] ?? { tone: 'plain' as const, word: status, icon: Square };
  const Icon = look.icon;
  return (
    <Chip tone={look.tone} icon={<Icon size={13} aria-hidden="true" />}>
      {extra ? `${look.word} · ${extra}` : look.word}
    </Chip>
  );
}
