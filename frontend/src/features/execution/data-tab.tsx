import { Check, Copy, Download } from 'lucide-react';
import { useState } from 'react';
import type { ArtifactFile, StepDetail } from '@/api/execution-steps';
import { isTerminalStep, type StepRow } from '@/execution/types';
import { formatBytes } from '@/lib/format';
import styles from './data-tab.module.css';
import { type DetailQuery, WithDetail } from './detail-state';
import { Nothing, Section } from './facts';

const FEW = 50;

/** What went in and what came out: URIs, files, sizes, hashes, downloads. */
export function DataTab({ row, detail }: { row: StepRow; detail: DetailQuery }) {
  return (
    <WithDetail detail={detail}>
      {(data) => (
        <>
          <Inputs data={data} />
          <Outputs data={data} row={row} />
          <Reports data={data} />
        </>
      )}
    </WithDetail>
  );
}

function Inputs({ data }: { data: StepDetail }) {
  return (
    <Section title="Inputs">
      {data.inputs.length === 0 ? <Nothing>This step reads no data.</Nothing> : null}
      {data.inputs.map((input) => (
        <div key={`${input.name} ${input.uri}`} className={styles.channel}>
          <div className={styles.head}>
            <b>{input.name}</b>
            <span>
              {input.files === 1 ? '1 file' : `${input.files} files`} · {formatBytes(input.size)}
            </span>
          </div>
          <Uri uri={input.uri} />
        </div>
      ))}
    </Section>
  );
}

function Outputs({ data, row }: { data: StepDetail; row: StepRow }) {
  return (
    <Section title="Outputs">
      {data.outputs.length === 0 ? (
        <Nothing>
          {isTerminalStep(row.status) ? 'This step wrote no data.' : 'Outputs appear when the step succeeds.'}
        </Nothing>
      ) : null}
      {data.outputs.map((output) => (
        <OutputChannel
          key={`${output.name} ${output.uri}`}
          name={output.name}
          uri={output.uri}
          files={output.files}
        />
      ))}
    </Section>
  );
}

function OutputChannel({ name, uri, files }: { name: string; uri: string; files: readonly ArtifactFile[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? files : files.slice(0, FEW);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return (
    <div className={styles.channel}>
      <div className={styles.head}>
        <b>{name}</b>
        <span>
          {files.length === 1 ? '1 file' : `${files.length} files`} · {formatBytes(size)}
        </span>
      </div>
      <Uri uri={uri} />
      <ul className={styles.files}>
        {shown.map((file) => (
          <li key={file.uri}>
            <span className={styles.file} title={file.uri}>
              {fileName(file)}
            </span>
            <code title={`sha256 ${file.sha256}`}>{file.sha256.slice(0, 10)}</code>
            <span className={styles.size}>{formatBytes(file.size)}</span>
            <a href={file.url} download={fileName(file)} aria-label={`Download ${fileName(file)}`}>
              <Download size={14} aria-hidden="true" />
            </a>
          </li>
        ))}
      </ul>
      {shown.length < files.length ? (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show all {files.length} files
        </button>
      ) : null}
    </div>
  );
}

const fileName = (file: ArtifactFile): string => file.key.split('/').at(-1) || file.key;

function Reports({ data }: { data: StepDetail }) {
  const reports = Object.entries(data.property_files ?? {});
  if (reports.length === 0) return null;
  return (
    <Section title="Property files">
      {reports.map(([name, value]) => (
        <div key={name} className={styles.channel}>
          <b>{name}</b>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region has to be reachable by keyboard */}
          <pre className={styles.report} tabIndex={0}>
            {JSON.stringify(value, null, 2)}
          </pre>
        </div>
      ))}
    </Section>
  );
}

function Uri({ uri }: { uri: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(uri);
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  };
  return (
    <div className={styles.uri}>
      <code title={uri}>{uri}</code>
      <button type="button" aria-label={copied ? 'Copied' : 'Copy the URI'} onClick={() => void copy()}>
        {copied ? <Check size={13} aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />}
      </button>
    </div>
  );
}
