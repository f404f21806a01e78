import { Button } from '@mantine/core';
import { Check, Database } from 'lucide-react';
import type { Template } from '@/api/templates';
import { PipelinePicture } from '@/components/picture/pipeline-picture';
import type { Catalog } from '@/pipeline/catalog';
import styles from './templates-page.module.css';

interface Props {
  template: Template;
  catalog: Catalog;
  busy: boolean;
  disabled: boolean;
  onUse(): void;
}

/** One template: its picture, what it teaches, the data it runs on with its licence. */
export function TemplateCard({ template, catalog, busy, disabled, onUse }: Props) {
  const { title, summary, teaches, data } = template;
  return (
    <article className={styles.card} aria-label={title}>
      <div className={styles.picture}>
        <PipelinePicture {...template} catalog={catalog} label={`Picture of ${title}`} />
      </div>
      <div className={styles.body}>
        <h2>{title}</h2>
        <p>{summary}</p>
        <ul className={styles.teaches} aria-label="What it shows">
          {teaches.map((sentence) => (
            <li key={sentence}>
              <Check size={13} aria-hidden="true" />
              {sentence}
            </li>
          ))}
        </ul>
        <div className={styles.foot}>
          {data ? (
            <span className={styles.data} title={`${data.title}. ${data.source}. Licence: ${data.licence}`}>
              <Database size={13} aria-hidden="true" />
              <span>
                {data.title}
                <small>
                  {data.rows === null ? '' : `${data.rows} rows · `}
                  {data.licence}
                </small>
              </span>
            </span>
          ) : (
            <span />
          )}
          <Button
            loading={busy}
            disabled={disabled || data?.installed === false}
            aria-label={`Use ${title}`}
            onClick={onUse}
          >
            Use
          </Button>
        </div>
      </div>
    </article>
  );
}
