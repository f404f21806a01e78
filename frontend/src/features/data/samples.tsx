import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { datasetKeys, type SampleDataset, samplesQuery, takeSample } from '@/api/datasets';
import { Chip } from '@/components/ui/chip';
import styles from './samples.module.css';

/** Real tables that are here already, one click away. */
export function Samples({ mayTake }: { mayTake: boolean }) {
  const samples = useQuery(samplesQuery());
  if (!samples.data) return null;
  return (
    <section aria-labelledby="samples">
      <h2 id="samples" className={styles.title}>
        Sample data
      </h2>
      <p className={styles.quiet}>Real tables to learn with, each with its source and licence.</p>
      <ul className={styles.cards}>
        {samples.data.map((sample) => (
          <SampleCard key={sample.id} sample={sample} mayTake={mayTake} />
        ))}
      </ul>
    </section>
  );
}

function SampleCard({ sample, mayTake }: { sample: SampleDataset; mayTake: boolean }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const take = useMutation({
    mutationFn: () => takeSample(sample.id),
    onSuccess: async (made) => {
      await client.invalidateQueries({ queryKey: datasetKeys.all });
      await navigate({ to: '/data/$id', params: { id: made.id } });
    },
  });
  return (
    <li className={styles.card}>
      <div className={styles.head}>
        <b>{sample.title}</b>
        <Chip>{sample.task}</Chip>
      </div>
      <p>{sample.description}</p>
      <p className={styles.facts}>
        {sample.rows.toLocaleString('en-US')} rows × {sample.columns} columns · {sample.licence}
      </p>
      <p className={styles.facts}>{sample.source}</p>
      {take.isError ? (
        <p className={styles.error} role="alert">
          {take.error.message}
        </p>
      ) : null}
      {sample.dataset ? (
        <Link to="/data/$id" params={{ id: sample.dataset }}>
          Open {sample.title}
        </Link>
      ) : mayTake ? (
        <Button
          size="xs"
          loading={take.isPending}
          disabled={!sample.installed}
          title={sample.installed ? undefined : `The package ${sample.package} is not installed here.`}
          onClick={() => take.mutate()}
          aria-label={`Use this data: ${sample.title}`}
        >
          Use this data
        </Button>
      ) : null}
    </li>
  );
}
