import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import styles from './callback.module.css';

/** A short text one copies elsewhere. */
export function CopyText({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  const Icon = copied ? Check : Copy;
  return (
    <span className={styles.copy}>
      <code>{text}</code>
      <button type="button" aria-label={copied ? 'Copied' : `Copy ${what}`} onClick={() => void copy()}>
        <Icon size={13} aria-hidden="true" />
      </button>
    </span>
  );
}
