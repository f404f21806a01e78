/** The words the studio explains where they stand; each is an entry of docs/glossary.md. */
export const TERMS = {
  execution: { id: 'execution' },
  modelPackageGroup: { id: 'model-package-group' },
  pipeline: { id: 'pipeline' },
  pipelineVersion: { id: 'pipeline-version' },
  template: { id: 'template' },
  dataset: { id: 'dataset' },
} as const;

export type Term = keyof typeof TERMS;
