import type { ModelPackage } from '@/api/models';
import type { ChipTone } from '@/components/ui/chip';

const APPROVAL: Record<string, { word: string; tone: ChipTone }> = {
  Approved: { word: 'Approved', tone: 'ok' },
  Rejected: { word: 'Rejected', tone: 'bad' },
  PendingManualApproval: { word: 'Waiting for approval', tone: 'hand' },
};

/** Whether a registered version may be used. */
export function approvalWords({ approval_status }: Pick<ModelPackage, 'approval_status'>): {
  word: string;
  tone: ChipTone;
} {
  return APPROVAL[approval_status] ?? { word: approval_status, tone: 'plain' };
}

/** "churn · version 3" */
export function modelWords({ group, version }: Pick<ModelPackage, 'group' | 'version'>): string {
  return `${group} · version ${version}`;
}
