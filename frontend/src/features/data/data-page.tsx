import { Button, FileButton, Skeleton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Search, Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { datasetsQuery } from '@/api/datasets';
import { sessionQuery } from '@/api/session';
import { uploads } from '@/components/data/uploads';
import { AfterDelay } from '@/components/ui/after-delay';
import { ErrorMessage, Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TermHelp } from '@/components/ui/term';
import { TopBar } from '@/components/ui/top-bar';
import { WorkspaceTabs } from '@/components/ui/workspace-tabs';
import { carriesFiles, droppedFiles, TABLE_FILES } from '@/lib/file-drop';
import styles from './data-page.module.css';
import { DatasetTable } from './dataset-table';
import { Samples } from './samples';

/** Every dataset of the workspace, and where the first one comes from. */
export function DataPage() {
  const { search = '' } = useSearch({ from: '/signed-in/data' });
  const { data: session } = useQuery(sessionQuery());
  const list = useInfiniteQuery(datasetsQuery(search));
  const [over, setOver] = useState(false);
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const mayUpload = session?.permissions.includes('edit-data') ?? false;
  const navigate = useNavigate();
  useEffect(() => {
    document.title = 'Data · Clary';
  }, []);
  return (
    <Page bar={<TopBar left={<b>{session?.workspace.name}</b>} center={<WorkspaceTabs active="Data" />} />}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped anywhere; the button does the same */}
      <div
        className={over ? `${styles.page} ${styles.over}` : styles.page}
        onDragOver={(event) => {
          if (!mayUpload || !carriesFiles(event)) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={(event) => {
          if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
        }}
        onDrop={(event) => {
          setOver(false);
          if (!mayUpload || !carriesFiles(event)) return;
          event.preventDefault();
          uploads.getState().add(droppedFiles(event));
        }}
      >
        <div className={styles.head}>
          <h1>Data</h1>
          <TermHelp term="dataset" word="dataset" />
          <SearchBox value={search} />
          <span className={styles.space} />
          {mayUpload ? <UploadFiles /> : null}
        </div>
        {list.isError ? (
          <ErrorMessage error={list.error} what="The datasets" onRetry={() => void list.refetch()} />
        ) : null}
        {list.isPending ? (
          <AfterDelay>
            <div className={styles.waiting} role="status" aria-label="Loading datasets">
              {['a', 'b', 'c', 'd'].map((key) => (
                <Skeleton key={key} height={39} radius={4} />
              ))}
            </div>
          </AfterDelay>
        ) : null}
        {list.isSuccess && rows.length === 0 && search !== '' ? (
          <Message
            title={`No dataset fits “${search}”`}
            actions={<Button onClick={() => void navigate({ to: '/data', search: {} })}>Clear search</Button>}
          />
        ) : null}
        {list.isSuccess && rows.length === 0 && search === '' ? (
          <div className={styles.empty}>
            <h2>No datasets yet</h2>
            <p>
              A dataset is a table that pipelines read: CSV, TSV, JSON lines, Parquet, or a zip with one of
              them. Drop a file here{mayUpload ? ', or begin with real data below' : ''}.
            </p>
          </div>
        ) : null}
        {rows.length > 0 ? <DatasetTable rows={rows} /> : null}
        {list.hasNextPage ? (
          <div className={styles.more}>
            <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          </div>
        ) : null}
        {search === '' ? <Samples mayTake={mayUpload} /> : null}
      </div>
    </Page>
  );
}

function UploadFiles() {
  return (
    <FileButton multiple accept={TABLE_FILES} onChange={(files) => uploads.getState().add(files)}>
      {(props) => (
        <Button {...props} variant="filled" leftSection={<Upload size={15} aria-hidden="true" />}>
          Upload
        </Button>
      )}
    </FileButton>
  );
}

function SearchBox({ value }: { value: string }) {
  const navigate = useNavigate();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(
      () => void navigate({ to: '/data', search: typed ? { search: typed } : {}, replace: true }),
      250,
    );
    return () => clearTimeout(timer);
  }, [typed, value, navigate]);
  return (
    <label className={styles.search}>
      <Search size={14} aria-hidden="true" />
      <input
        type="search"
        aria-label="Search datasets"
        placeholder="Search datasets"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </label>
  );
}
