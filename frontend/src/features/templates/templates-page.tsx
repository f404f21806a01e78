import { Skeleton } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { pipelineKeys } from '@/api/pipelines';
import { sessionQuery } from '@/api/session';
import { stepTypesQuery } from '@/api/step-types';
import { startFromTemplate, templatesQuery } from '@/api/templates';
import { AfterDelay } from '@/components/ui/after-delay';
import { ErrorMessage } from '@/components/ui/message';
import { Page } from '@/components/ui/page';
import { TermHelp } from '@/components/ui/term';
import { Crumbs, TopBar } from '@/components/ui/top-bar';
import { TemplateCard } from './template-card';
import styles from './templates-page.module.css';

/** Pipelines to start from: each is drawn here, and its data is there with one click. */
export function TemplatesPage() {
  const { into } = useSearch({ from: '/signed-in/templates' });
  const { data: session } = useQuery(sessionQuery());
  const templates = useQuery(templatesQuery());
  const catalog = useQuery(stepTypesQuery());
  const { use, busy, failure } = useTemplate(into);
  const failed = templates.error ?? catalog.error;
  const mayUse = session?.role === 'editor' || session?.role === 'admin';
  useEffect(() => {
    document.title = 'Templates · Clary';
  }, []);
  const crumbs = (
    <Crumbs>
      <Link to="/pipelines">Pipelines</Link>
      <span aria-hidden="true">/</span>
      <b>Templates</b>
    </Crumbs>
  );
  return (
    <Page bar={<TopBar left={crumbs} />}>
      <div className={styles.page}>
        <h1>
          Start from a template <TermHelp term="template" word="template" />
        </h1>
        <p className={styles.lead}>
          Each is a pipeline with real data that runs as it is. Use one, press Run, then change what you like.
          {mayUse ? '' : ' Your role may look, not make pipelines.'}
        </p>
        {failure ? (
          <p className={styles.failure} role="alert">
            {failure}
          </p>
        ) : null}
        {failed ? (
          <ErrorMessage
            error={failed}
            what="The templates"
            onRetry={() => void Promise.all([templates.refetch(), catalog.refetch()])}
          />
        ) : null}
        {templates.data && catalog.data ? (
          <div className={styles.grid}>
            {templates.data.map((template) => (
              <TemplateCard
                key={template.id}
                template={template}
                catalog={catalog.data}
                busy={busy === template.id}
                disabled={!mayUse || busy !== null}
                onUse={() => void use(template.id)}
              />
            ))}
          </div>
        ) : failed ? null : (
          <AfterDelay>
            <div className={styles.grid} role="status" aria-label="Loading templates">
              {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
                <Skeleton key={key} height={360} radius={10} />
              ))}
            </div>
          </AfterDelay>
        )}
      </div>
    </Page>
  );
}

/** Makes the pipeline and goes there; says why when it cannot. */
function useTemplate(into: string | undefined) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const use = async (id: string) => {
    setBusy(id);
    setFailure(null);
    try {
      const made = await startFromTemplate(id, into);
      await client.invalidateQueries({ queryKey: pipelineKeys.all });
      await navigate({ to: '/pipelines/$id', params: { id: made.id } });
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setBusy(null);
    }
  };
  return { use, busy, failure };
}
