import { executionKind, executionName } from '@/execution/status';
import type { ExecutionStatus } from '@/execution/types';
import { StatusChip } from '../status/status-chip';

/** An execution's status as icon, word and colour; `extra` follows after a dot. */
export function ExecutionStatusChip({ status, extra }: { status: ExecutionStatus; extra?: string }) {
  const word = executionName(status);
  return <StatusChip kind={executionKind(status)}>{extra ? `${word} · ${extra}` : word}</StatusChip>;
}
