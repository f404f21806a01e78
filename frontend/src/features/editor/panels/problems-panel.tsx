import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type Profile, problemsQuery } from '@/api/validate';
import { printText } from '@/pipeline/text';
import { useEditor, useScene, useView } from '../editor-context';
import styles from './dock.module.css';
import { ProblemList } from './problem-list';

const PROFILES = [
  { value: 'clary', label: 'Clary' },
  { value: 'strict', label: 'SageMaker strict' },
] as const;

/** Everything validation found: what keeps it from running here, or what AWS would refuse. */
export function ProblemsPanel({ onGo }: { onGo(): void }) {
  const [profile, setProfile] = useState<Profile>('clary');
  const problems = useEditor((state) => state.problems);
  const empty = useView().graph.steps.length === 0;
  return (
    <div>
      <div className={styles.profiles}>
        <SegmentedControl
          size="xs"
          aria-label="Whose rules"
          data={[...PROFILES]}
          value={profile}
          onChange={(chosen) => setProfile(chosen === 'strict' ? 'strict' : 'clary')}
        />
        <span>{profile === 'clary' ? 'What keeps it from running here.' : 'What AWS would refuse.'}</span>
      </div>
      {profile === 'clary' ? (
        <ProblemList
          problems={problems}
          fine={empty ? 'Nothing to check yet: there are no steps.' : 'No problems. This pipeline can run.'}
          onGo={onGo}
        />
      ) : (
        <StrictProblems onGo={onGo} />
      )}
    </div>
  );
}

/** Asked again after every save. */
function StrictProblems({ onGo }: { onGo(): void }) {
  const { pipeline, store } = useScene();
  const save = useEditor((state) => state.save);
  const revision = store.getState().revision();
  const text = () => printText(store.getState().documents.definition);
  const found = useQuery({
    ...problemsQuery(pipeline.id, revision, 'strict', text),
    enabled: save.kind === 'saved',
  });
  if (found.isError) {
    return <p className={styles.fine}>AWS&apos;s rules could not be checked: {found.error.message}</p>;
  }
  if (!found.data) return null;
  return (
    <ProblemList problems={found.data} fine="No problems. AWS would take this definition." onGo={onGo} />
  );
}
