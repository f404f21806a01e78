import { Modal, SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { pipelineKeys } from '@/api/pipelines';
import { readinessQuery } from '@/api/readiness';
import { ErrorMessage } from '@/components/ui/message';
import { useScene } from '../editor-context';
import { AwsReadiness } from './aws-readiness';
import styles from './readiness.module.css';
import { StepReadiness } from './step-readiness';
import { UriReadiness } from './uri-readiness';

interface Props {
  onClose(): void;
}

/** What stands between this pipeline and its first run here, or between it and AWS. */
export function ReadinessDialog({ onClose }: Props) {
  const { pipeline, store } = useScene();
  const [where, setWhere] = useState('here');
  const client = useQueryClient();
  const report = useQuery(readinessQuery(pipeline.id));
  const go = (pointer: string, step: string | null) => {
    onClose();
    store.getState().focusOn({ pointer, step });
  };
  const mapped = () => {
    void report.refetch();
    void client.invalidateQueries({ queryKey: pipelineKeys.warnings(pipeline.id) });
  };
  return (
    <Modal opened onClose={onClose} title="Readiness" size="xl">
      <SegmentedControl
        aria-label="Where it shall run"
        data={[
          { value: 'here', label: 'Run here' },
          { value: 'aws', label: 'Prepare for AWS' },
        ]}
        value={where}
        onChange={setWhere}
      />
      {report.isError ? (
        <ErrorMessage error={report.error} what="The report" onRetry={() => void report.refetch()} />
      ) : null}
      {report.isPending ? <Skeleton height={200} mt={14} /> : null}
      {report.data && where === 'here' ? (
        <div className={styles.report}>
          <StepReadiness steps={report.data.steps} onGo={go} />
          <UriReadiness uris={report.data.uris} onMapped={mapped} onGo={go} />
          {report.data.roles.length > 0 ? (
            <section>
              <h2>Roles</h2>
              <p className={styles.quiet}>
                {report.data.roles.join(', ')}: kept and shown. Nothing here acts on roles; what a step may do
                is what its person may do.
              </p>
            </section>
          ) : null}
        </div>
      ) : null}
      {report.data && where === 'aws' ? <AwsReadiness aws={report.data.aws} onGo={go} /> : null}
    </Modal>
  );
}
