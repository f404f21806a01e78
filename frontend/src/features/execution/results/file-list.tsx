import { ChevronRight, Download } from 'lucide-react';
import { useState } from 'react';
import { fileHref, type ResultFile, type StepPlace } from '@/api/step-results';
import { formatBytes } from '@/lib/format';
import { FileView } from './file-view';
import styles from './results.module.css';

const FEW = 30;

interface Props {
  place: StepPlace;
  files: readonly ResultFile[];
  /** The output's table is shown already, so its files need not open by themselves. */
  summarised: boolean;
}

/** Files with a way to look into each and to download it; pictures and pages are open when they are few. */
export function FileList({ place, files, summarised }: Props) {
  const [all, setAll] = useState(false);
  const shown = all ? files : files.slice(0, FEW);
  const first = summarised ? undefined : files.find((file) => file.viewer !== 'none')?.key;
  return (
    <>
      <ul className={styles.files}>
        {shown.map((file) => (
          <FileLine
            key={file.key}
            place={place}
            file={file}
            opened={
              file.key === first || (files.length <= 6 && (file.viewer === 'image' || file.viewer === 'html'))
            }
          />
        ))}
      </ul>
      {shown.length < files.length ? (
        <button type="button" className={styles.more} onClick={() => setAll(true)}>
          Show all {files.length} files
        </button>
      ) : null}
    </>
  );
}

function FileLine({ place, file, opened }: { place: StepPlace; file: ResultFile; opened: boolean }) {
  const [open, setOpen] = useState(opened);
  const canOpen = file.viewer !== 'none';
  return (
    <li>
      <div className={styles.file}>
        {canOpen ? (
          <button
            type="button"
            className={styles.toggle}
            aria-expanded={open}
            title={file.path}
            onClick={() => setOpen(!open)}
          >
            <ChevronRight size={14} aria-hidden="true" className={open ? styles.turned : ''} />
            <span>{file.path}</span>
          </button>
        ) : (
          <span className={styles.toggle} title={file.path}>
            <span>{file.path}</span>
          </span>
        )}
        <small>{formatBytes(file.size)}</small>
        <a
          href={fileHref(place, file.key)}
          download={file.path.split('/').at(-1)}
          aria-label={`Download ${file.path}`}
        >
          <Download size={14} aria-hidden="true" />
        </a>
      </div>
      {open && canOpen ? <FileView place={place} file={file} /> : null}
    </li>
  );
}
