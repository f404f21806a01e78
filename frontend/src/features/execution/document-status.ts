import { useEffect } from 'react';
import { executionKind, executionName, pipelineTitle } from '@/execution/status';
import type { ExecutionRow } from '@/execution/types';
import executing from './favicons/executing.svg';
import failed from './favicons/failed.svg';
import stopped from './favicons/stopped.svg';
import succeeded from './favicons/succeeded.svg';

const ICONS: Record<string, string> = { executing, failed, succeeded, stopped, stopping: stopped };

/** The browser tab tells how the execution stands: title and icon, given back on leaving. */
export function useDocumentStatus(execution: ExecutionRow | null): void {
  const status = execution?.status;
  const name = execution ? execution.display_name || pipelineTitle(execution) : '';
  useEffect(() => {
    if (!status) return;
    const title = document.title;
    document.title = `${executionName(status)} · ${name} · Clary`;
    return () => {
      document.title = title;
    };
  }, [status, name]);
  useEffect(() => {
    const icon = status ? ICONS[executionKind(status)] : undefined;
    if (!icon) return;
    const link =
      document.querySelector<HTMLLinkElement>('link[rel="icon"]') ?? document.createElement('link');
    const before = link.isConnected ? link.href : null;
    link.rel = 'icon';
    link.href = icon;
    document.head.append(link);
    return () => {
      if (before === null) link.remove();
      else link.href = before;
    };
  }, [status]);
}
