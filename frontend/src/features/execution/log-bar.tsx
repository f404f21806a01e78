import { Tooltip } from '@mantine/core';
import { Check, ChevronDown, ChevronUp, Copy, Download, Search, WrapText } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { IconButton } from '@/components/ui/icon-button';
import { withoutAnsi } from '@/execution/log-buffer';
import styles from './log-bar.module.css';

interface Props {
  needle: string;
  onNeedle: (needle: string) => void;
  found: number;
  match: number;
  onMatch: (index: number) => void;
  wrap: boolean;
  onWrap: (wrap: boolean) => void;
  lines: readonly string[];
  /** Where the server gives the log byte for byte. */
  rawUrl: string;
}

/** Search with count and next/previous, wrap, copy, download. */
export function LogBar({ needle, onNeedle, found, match, onMatch, wrap, onWrap, lines, rawUrl }: Props) {
  const [copied, setCopied] = useState(false);
  const next = (by: number) => found > 0 && onMatch((match + by + found) % found);
  const text = () => `${lines.map(withoutAnsi).join('\n')}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className={styles.bar}>
      <div className={styles.search}>
        <Search size={14} aria-hidden="true" />
        <input
          type="search"
          aria-label="Search the log"
          placeholder="Search"
          value={needle}
          onChange={(event) => onNeedle(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') next(event.shiftKey ? -1 : 1);
          }}
        />
        {needle === '' ? null : (
          <span className={styles.count} role="status">
            {found === 0 ? 'no match' : `${match + 1} of ${found}`}
          </span>
        )}
      </div>
      <Tool label="Previous match" onClick={() => next(-1)} disabled={found === 0}>
        <ChevronUp size={15} aria-hidden="true" />
      </Tool>
      <Tool label="Next match" onClick={() => next(1)} disabled={found === 0}>
        <ChevronDown size={15} aria-hidden="true" />
      </Tool>
      <Tool label="Wrap long lines" onClick={() => onWrap(!wrap)} pressed={wrap}>
        <WrapText size={15} aria-hidden="true" />
      </Tool>
      <Tool
        label={copied ? 'Copied' : 'Copy the log'}
        onClick={() => void copy()}
        disabled={lines.length === 0}
      >
        {copied ? <Check size={15} aria-hidden="true" /> : <Copy size={15} aria-hidden="true" />}
      </Tool>
      <Tool label="Download the log" onClick={() => download(rawUrl)} disabled={lines.length === 0}>
        <Download size={15} aria-hidden="true" />
      </Tool>
    </div>
  );
}

interface ToolProps {
  label: string;
  onClick: () => void;
  disabled?: boolean;
  pressed?: boolean;
  children: ReactNode;
}

function Tool({ label, onClick, disabled = false, pressed, children }: ToolProps) {
  return (
    <Tooltip label={label}>
      <IconButton aria-label={label} aria-pressed={pressed} disabled={disabled} onClick={onClick}>
        {children}
      </IconButton>
    </Tooltip>
  );
}

/** The server names the file and says that it is one to save. */
function download(url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = '';
  link.click();
}
