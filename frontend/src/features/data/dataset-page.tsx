import { Button, Menu, Select, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Download, MoreHorizontal, Pencil, Settings2, Trash2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { type Dataset, type DatasetVersion, datasetQuery, downloadLink } from '@/api/datasets';
import { sessionQuery } from '@/api/session';
import { kindWord, sizeWords } from '@/components/data/dataset-words';
import { AfterDelay } from '@/components/ui/after-delay';
import { ErrorMessage } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import { formatAbsolute, formatAgo, formatBytes } from '@/lib/format';
import { DatasetContents } from './dataset-contents';
import styles from './dataset-page.module.css';
import { DeleteDatasetDialog } from './delete-dataset-dialog';
import { ReadingDialog } from './reading-dialog';
import { RenameDatasetDialog } from './rename-dataset-dialog';
import { UseInPipeline } from './use-in-pipeline';

/** One dataset: what is in it, its versions, and what can be done with it. */
export function DatasetPage() {
  const { id } = useParams({ from: '/signed-in/data/$id' });
  const { version } = useSearch({ from: '/signed-in/data/$id' });
  const dataset = useQuery(datasetQuery(id));
  const name = dataset.data?.name;
  useEffect(() => {
    document.title = name ? `${name} · Data · Clary` : 'Data · Clary';
  }, [name]);
  const shown =
    dataset.data?.versions.find((candidate) => candidate.number === version) ?? dataset.data?.latest;
  return (
    <Page
      bar={
        <TopBar
          left={
            <Crumbs>
              <Link to="/data">Data</Link> / <b>{name ?? (dataset.isError ? 'Not found' : '…')}</b>
            </Crumbs>
          }
        />
      }
    >
      <div className={styles.page}>
        {dataset.isError ? (
          <ErrorMessage
            error={dataset.error}
            what="This dataset"
            onRetry={() => void dataset.refetch()}
            elsewhere={<Button renderRoot={(props) => <Link to="/data" {...props} />}>All data</Button>}
          />
        ) : null}
        {dataset.isPending ? (
          <AfterDelay>
            <Skeleton height={320} radius={8} />
          </AfterDelay>
        ) : null}
        {dataset.data && shown ? <Contents dataset={dataset.data} version={shown} /> : null}
      </div>
    </Page>
  );
}

function Contents({ dataset, version }: { dataset: Dataset; version: DatasetVersion }) {
  const { data: session } = useQuery(sessionQuery());
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<'rename' | 'delete' | 'reading' | null>(null);
  const mayEdit = session?.permissions.includes('edit-data') ?? false;
  const close = () => setDialog(null);
  return (
    <>
      <div className={styles.head}>
        <h1 title={dataset.name}>{dataset.name}</h1>
        <Select
          className={styles.version ?? ''}
          aria-label="Version"
          size="xs"
          allowDeselect={false}
          value={String(version.number)}
          data={dataset.versions.map((one) => ({
            value: String(one.number),
            label: one.number === dataset.latest.number ? `v${one.number} (newest)` : `v${one.number}`,
          }))}
          onChange={(number) =>
            void navigate({
              to: '/data/$id',
              params: { id: dataset.id },
              search: Number(number) === dataset.latest.number ? {} : { version: Number(number) },
            })
          }
        />
        <span className={styles.space} />
        <Button
          leftSection={<Download size={15} aria-hidden="true" />}
          onClick={async () => window.location.assign(await downloadLink(dataset.id, version.number))}
        >
          Download
        </Button>
        {mayEdit ? <UseInPipeline dataset={dataset} version={version} /> : null}
        {mayEdit ? (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" aria-label="More actions" px={8}>
                <MoreHorizontal size={16} aria-hidden="true" />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<Pencil size={14} />} onClick={() => setDialog('rename')}>
                Rename
              </Menu.Item>
              {version.kind === 'csv' || version.kind === 'tsv' ? (
                <Menu.Item leftSection={<Settings2 size={14} />} onClick={() => setDialog('reading')}>
                  How it is read
                </Menu.Item>
              ) : null}
              <Menu.Item color="red" leftSection={<Trash2 size={14} />} onClick={() => setDialog('delete')}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        ) : null}
      </div>
      <p className={styles.facts}>
        {sizeWords(version)} · {formatBytes(version.size)} {kindWord(version.kind)} · {version.file_name} ·{' '}
        <span title={formatAbsolute(version.created_at)}>{formatAgo(version.created_at)}</span> by{' '}
        {version.created_by}
      </p>
      {dataset.description ? <p className={styles.description}>{dataset.description}</p> : null}
      {dataset.licence ? (
        <p className={styles.facts}>
          Source: {dataset.source}. Licence: {dataset.licence}.
        </p>
      ) : null}
      {dataset.used_by.length > 0 ? (
        <p className={styles.facts}>
          Used by{' '}
          {dataset.used_by.map((pipeline, index) => (
            <span key={pipeline.id}>
              {index > 0 ? ', ' : ''}
              <Link to="/pipelines/$id" params={{ id: pipeline.id }} className="in-text">
                {pipeline.name}
              </Link>
            </span>
          ))}
        </p>
      ) : null}
      <DatasetContents version={version} onFix={mayEdit ? () => setDialog('reading') : null} />
      {dialog === 'rename' ? <RenameDatasetDialog dataset={dataset} onClose={close} /> : null}
      {dialog === 'delete' ? <DeleteDatasetDialog dataset={dataset} onClose={close} /> : null}
      {dialog === 'reading' ? <ReadingDialog dataset={dataset} version={version} onClose={close} /> : null}
    </>
  );
}
