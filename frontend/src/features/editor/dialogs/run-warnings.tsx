import { useQuery } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { pipelineKeys, readWarnings } from '@/api/pipelines';
import { useScene } from '../editor-context';
import styles from './run-warnings.module.css';

/**
 * What this run would meet on the machine it goes to. Nothing here keeps it from starting, so while the server
 * is asked, or when it cannot say, there is nothing to show.
 */
export function RunWarnings() {
  const { store, pipeline } = useScene();
  const { data: warnings = [] } = useQuery({
    queryKey: pipelineKeys.warnings(pipeline.id),
    queryFn: async ({ signal }) => {
      await store.getState().flush();
      return readWarnings(pipeline.id, signal);
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });
  if (warnings.length === 0) return null;
  return (
    <ul className={styles.warnings} aria-label="Good to know before this run">
      {warnings.map((warning) => (
        <li key={`${warning.code} ${warning.pointer} ${warning.message}`}>
          <TriangleAlert size={15} aria-hidden="true" />
          <span>{warning.message}</span>
        </li>
      ))}
    </ul>
  );
}
