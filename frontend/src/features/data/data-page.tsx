import { Button, FileButton } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Upload } from 'lucide-react';
import { useCallback, useEffect } from 'react';
import { datasetsQuery } from '@/api/datasets';
import { sessionQuery } from '@/api/session';
import { uploads } from '@/components/data/uploads';
import { ListPage, ListStates, SearchBox, Space } from '@/components/ui/list-page';
import { Message } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TopBar } from '@/components/ui/top-bar';
import { WorkspaceTabs } from '@/components/ui/workspace-tabs';
import { droppedFiles, TABLE_FILES } from '@/lib/file-drop';
import styles from './data-page.module.css';
import { DatasetTable } from './dataset-table';
import { Samples } from './samples';

/** Every dataset of the workspace, and where the first one comes from. */
export function DataPage() {
  const { search = '' } = useSearch({ from: '/signed-in/data' });
  const { data: session } = useQuery(sessionQuery());
  const list = useInfiniteQuery(datasetsQuery(search));
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const mayUpload = session?.permissions.includes('edit-data') ?? false;
  const navigate = useNavigate();
  const onSearch = useCallback(
    (typed: string) => void navigate({ to: '/data', search: typed ? { search: typed } : {}, replace: true }),
    [navigate],
  );
  useEffect(() => {
    document.title = 'Data · Clary';
  }, []);
  return (
    <Page bar={<TopBar left={<b>{session?.workspace.name}</b>} center={<WorkspaceTabs active="Data" />} />}>
      <ListPage
        title="Data"
        term={{ term: 'dataset', word: 'dataset' }}
        tools={
          <>
            <SearchBox label="Search datasets" value={search} onSearch={onSearch} />
            <Space />
            {mayUpload ? <UploadFiles /> : null}
          </>
        }
        onDrop={mayUpload ? (event) => uploads.getState().add(droppedFiles(event)) : null}
      >
        <ListStates list={list} what="The datasets">
          {list.isSuccess && rows.length === 0 && search !== '' ? (
            <Message
              title={`No dataset fits “${search}”`}
              actions={
                <Button onClick={() => void navigate({ to: '/data', search: {} })}>Clear search</Button>
              }
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
        </ListStates>
        {search === '' ? <Samples mayTake={mayUpload} /> : null}
      </ListPage>
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
