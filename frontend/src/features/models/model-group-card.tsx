import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  type Decision,
  decideModel,
  type ModelGroup,
  type ModelPackage,
  modelKeys,
  modelPackagesQuery,
} from '@/api/models';
import { approvalWords } from '@/components/data/model-words';
import { Chip } from '@/components/ui/chip';
import { keyFigureWords } from '@/execution/key-figure';
import { formatAbsolute, formatAgo } from '@/lib/format';
import styles from './models-page.module.css';

/** One group with its versions, newest first. */
export function ModelGroupCard({ group, mayDecide }: { group: ModelGroup; mayDecide: boolean }) {
  const packages = useInfiniteQuery(modelPackagesQuery(group.name));
  const rows = packages.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <section className={styles.card} aria-label={group.name}>
      <h2>{group.name}</h2>
      {group.description ? <p className={styles.quiet}>{group.description}</p> : null}
      <InUse models={rows} />
      {packages.isError ? (
        <p role="alert" className={styles.failure}>
          {packages.error.message}
        </p>
      ) : null}
      {packages.isSuccess && rows.length === 0 ? (
        <p className={styles.quiet}>No version is left in this group.</p>
      ) : null}
      <ul className={styles.versions}>
        {rows.map((model) => (
          <ModelLine key={model.id} model={model} mayDecide={mayDecide} />
        ))}
      </ul>
      {packages.hasNextPage ? (
        <Button size="xs" loading={packages.isFetchingNextPage} onClick={() => void packages.fetchNextPage()}>
          Older versions
        </Button>
      ) : null}
    </section>
  );
}

/** What later versions are compared with: the newest one that may be used. */
function InUse({ models }: { models: readonly ModelPackage[] }) {
  const model = models.find(({ approval_status }) => approval_status === 'Approved');
  if (!model || model === models[0] || model.figures.length === 0) return null;
  return (
    <p className={styles.inUse}>
      Newest approved: version {model.version}
      <Figures figures={model.figures} />
    </p>
  );
}

function Figures({ figures }: { figures: ModelPackage['figures'] }) {
  if (figures.length === 0) return null;
  return (
    <span className={styles.figures}>
      {figures.map((figure) => (
        <span key={figure.label}>{keyFigureWords(figure)}</span>
      ))}
    </span>
  );
}

function ModelLine({ model, mayDecide }: { model: ModelPackage; mayDecide: boolean }) {
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: Decision) => decideModel(model, decision),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: modelKeys.all }),
        client.invalidateQueries({ queryKey: ['needs'] }),
      ]),
  });
  const status = approvalWords(model);
  const name = `version ${model.version} of ${model.group}`;
  return (
    <li className={styles.version}>
      <b>Version {model.version}</b>
      <Chip tone={status.tone}>{status.word}</Chip>
      <span className={styles.facts}>
        <Figures figures={model.figures} />
        <span className={styles.origin}>
          {model.source_execution ? (
            <Link
              to="/executions/$id"
              params={{ id: model.source_execution }}
              search={{ step: model.source_step }}
            >
              The run that made it
            </Link>
          ) : (
            'Came through the API'
          )}
          <small title={formatAbsolute(model.created_at)}>{formatAgo(model.created_at)}</small>
        </span>
      </span>
      {decide.isError ? (
        <span role="alert" className={styles.failure}>
          {decide.error.message}
        </span>
      ) : null}
      {mayDecide ? (
        <span className={styles.decide}>
          {model.approval_status === 'Approved' ? null : (
            <Button
              size="xs"
              loading={decide.isPending}
              aria-label={`Approve ${name}`}
              onClick={() => decide.mutate('Approved')}
            >
              Approve
            </Button>
          )}
          {model.approval_status === 'Rejected' ? null : (
            <Button
              size="xs"
              disabled={decide.isPending}
              aria-label={`Reject ${name}`}
              onClick={() => decide.mutate('Rejected')}
            >
              Reject
            </Button>
          )}
        </span>
      ) : null}
    </li>
  );
}
