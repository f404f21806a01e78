import { Button, CloseButton, FileButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX, FileSpreadsheet, HelpCircle } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { datasetKeys } from '@/api/datasets';
import { TABLE_FILES } from '@/lib/file-drop';
import { formatBytes } from '@/lib/format';
import { rowWords } from './dataset-words';
import styles from './upload-tray.module.css';
import { type Upload, uploads } from './uploads';

/** What is on its way to the server, in the corner of every page. */
export function UploadTray() {
  const list = useStore(uploads, (state) => state.list);
  const client = useQueryClient();
  const finished = list.filter((upload) => upload.stage === 'done').length;
  const busy = list.some((upload) => upload.stage === 'sending' || upload.stage === 'reading');
  useEffect(() => {
    if (finished > 0) void client.invalidateQueries({ queryKey: datasetKeys.all });
  }, [finished, client]);
  useEffect(() => {
    if (!busy) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', hold);
    return () => window.removeEventListener('beforeunload', hold);
  }, [busy]);
  if (list.length === 0) return null;
  return (
    <section className={styles.tray} aria-label="Uploads">
      {list.map((upload) => (
        <UploadLine key={upload.id} upload={upload} />
      ))}
    </section>
  );
}

function UploadLine({ upload }: { upload: Upload }) {
  const { dismiss } = uploads.getState();
  const { stage, file } = upload;
  const share = file.size === 0 ? 1 : Math.min(1, upload.sent / file.size);
  return (
    <article className={styles.line} aria-label={file.name}>
      <StageIcon stage={stage} />
      <div className={styles.words}>
        <b title={file.name}>{file.name}</b>
        <StageWords upload={upload} />
        {stage === 'sending' || stage === 'reading' ? (
          <div
            className={stage === 'reading' ? `${styles.bar} ${styles.reading}` : styles.bar}
            role="progressbar"
            aria-label={`Upload of ${file.name}`}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(share * 100)}
          >
            <div style={{ width: `${share * 100}%` }} />
          </div>
        ) : null}
        {stage === 'asking' ? <Question upload={upload} /> : null}
        {stage === 'failed' ? <AnotherTry upload={upload} /> : null}
      </div>
      {stage === 'sending' || stage === 'reading' ? (
        <Button size="compact-xs" variant="default" onClick={() => dismiss(upload.id)}>
          Cancel
        </Button>
      ) : (
        <CloseButton size="sm" aria-label={`Close ${file.name}`} onClick={() => dismiss(upload.id)} />
      )}
    </article>
  );
}

/** The same file once more where that may help, else another one. */
function AnotherTry({ upload }: { upload: Upload }) {
  const { retry, replace } = uploads.getState();
  if (!upload.unfit) {
    return (
      <Button size="compact-xs" onClick={() => retry(upload.id)}>
        Try again
      </Button>
    );
  }
  return (
    <FileButton accept={TABLE_FILES} onChange={(file) => file && replace(upload.id, file)}>
      {(props) => (
        <Button {...props} size="compact-xs">
          Choose another file
        </Button>
      )}
    </FileButton>
  );
}

function StageIcon({ stage }: { stage: Upload['stage'] }) {
  if (stage === 'done') return <CircleCheck size={16} className={styles.ok} aria-hidden="true" />;
  if (stage === 'failed') return <CircleX size={16} className={styles.bad} aria-hidden="true" />;
  if (stage === 'asking') return <HelpCircle size={16} className={styles.ask} aria-hidden="true" />;
  return <FileSpreadsheet size={16} className={styles.wait} aria-hidden="true" />;
}

function StageWords({ upload }: { upload: Upload }) {
  const { stage, file, sent, speed, dataset } = upload;
  if (stage === 'sending') {
    const rate = speed > 0 ? ` · ${formatBytes(speed)}/s` : '';
    return (
      <p>
        {formatBytes(sent)} of {formatBytes(file.size)}
        {rate}
      </p>
    );
  }
  if (stage === 'reading') return <p role="status">Sent. Looking into it …</p>;
  if (stage === 'failed') return <p role="alert">{upload.failure}</p>;
  if (stage === 'done' && dataset) {
    const { latest } = dataset;
    return (
      <p role="status">
        <Link
          to="/data/$id"
          params={{ id: dataset.id }}
          onClick={() => uploads.getState().dismiss(upload.id)}
        >
          {dataset.name} v{latest.number}
        </Link>
        {dataset.unchanged ? ': the same file as before, nothing new was stored' : ` · ${rowWords(latest)}`}
      </p>
    );
  }
  return null;
}

function Question({ upload }: { upload: Upload }) {
  const { decide } = uploads.getState();
  if (upload.same !== null) {
    return (
      <>
        <p>
          This very file is here already: version {upload.existing} of “{upload.name}”.
        </p>
        <div className={styles.answers}>
          <Button size="compact-xs" variant="filled" onClick={() => decide(upload.id, 'same')}>
            Use the one that is there
          </Button>
          <Button size="compact-xs" onClick={() => decide(upload.id, 'beside')}>
            Keep both
          </Button>
        </div>
      </>
    );
  }
  return (
    <>
      <p>There is a dataset “{upload.name}” already.</p>
      <div className={styles.answers}>
        <Button size="compact-xs" variant="filled" onClick={() => decide(upload.id, 'version')}>
          {upload.existing === null ? 'Add as next version' : `Add as version ${upload.existing + 1}`}
        </Button>
        <Button size="compact-xs" onClick={() => decide(upload.id, 'beside')}>
          Keep both
        </Button>
      </div>
    </>
  );
}
