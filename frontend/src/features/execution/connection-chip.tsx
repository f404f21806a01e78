import { WifiOff } from 'lucide-react';
import { Chip } from '@/components/ui/chip';
import { useLive } from './live';

/** Says that what is shown may be old. Nothing while the line is open. */
export function ConnectionChip() {
  const { state } = useLive();
  return (
    <span role="status">
      {state === 'reconnecting' ? (
        <Chip tone="warn" icon={<WifiOff size={13} aria-hidden="true" />}>
          Live updates paused, reconnecting
        </Chip>
      ) : null}
    </span>
  );
}
