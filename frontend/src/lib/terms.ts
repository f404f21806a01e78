/** The words the studio explains where they stand; each is an entry of docs/glossary.md. */
export const TERMS = {
  artifact: { id: 'artifact' },
  approval: { id: 'approval-status' },
  cache: { id: 'cache' },
  draft: { id: 'draft' },
  execution: { id: 'execution' },
  modelPackage: { id: 'model-package' },
  modelPackageGroup: { id: 'model-package-group' },
  parameter: { id: 'parameter' },
  pipeline: { id: 'pipeline' },
  pipelineVersion: { id: 'pipeline-version' },
  publish: { id: 'publish' },
  template: { id: 'template' },
  dataset: { id: 'dataset' },
} as const;

export type Term = keyof typeof TERMS;
