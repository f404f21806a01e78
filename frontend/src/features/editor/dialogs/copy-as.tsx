import { Button, Menu, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Parameter } from '@/pipeline/definition';
import { asBoto3, asSdk, type Start } from '@/pipeline/snippets';
import { useEditor, useScene } from '../editor-context';

interface Props {
  parameters: readonly Parameter[];
  typed: Readonly<Record<string, string>>;
  disabled: boolean;
}

/** The same start as Python. Where the browser forbids its clipboard the text is shown to be copied by hand. */
export function CopyAs({ parameters, typed, disabled }: Props) {
  const { pipeline } = useScene();
  const version = useEditor((state) => state.baseVersion);
  const changes = useEditor((state) => state.changesSinceVersion);
  const [shown, setShown] = useState<string | null>(null);
  const [copied, setCopied] = useState<string | null>(null);
  const copy = async (title: string, make: (start: Start) => string) => {
    const text = make({ pipeline: pipeline.name, parameters, typed, version, changes });
    try {
      await navigator.clipboard.writeText(text);
      setShown(null);
      setCopied(title);
      setTimeout(() => setCopied(null), 2500);
    } catch {
      setShown(text);
    }
  };
  return (
    <>
      <Menu position="top-start" withinPortal>
        <Menu.Target>
          <Button variant="subtle" disabled={disabled} mr="auto">
            {copied ? `Copied as ${copied}` : 'Copy as…'}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void copy('boto3', asBoto3)}>Copy as boto3</Menu.Item>
          <Menu.Item onClick={() => void copy('SDK', asSdk)}>Copy as SDK</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {shown === null ? null : (
        <Textarea
          aria-label="Python to copy"
          w="100%"
          rows={10}
          readOnly
          value={shown}
          onFocus={(event) => event.currentTarget.select()}
          styles={{ input: { fontFamily: 'var(--mono)', fontSize: 12 } }}
        />
      )}
    </>
  );
}
