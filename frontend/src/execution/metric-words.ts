/** What people call the metrics that have short names. */
const WORDS: Readonly<Record<string, string>> = {
  accuracy: 'Accuracy',
  auc: 'ROC AUC',
  average_precision: 'Average precision',
  balanced_accuracy: 'Balanced accuracy',
  columns: 'Columns',
  duplicate_rows: 'Duplicate rows',
  f1: 'F1',
  mae: 'MAE (mean error)',
  missing_share: 'Share of missing values',
  mse: 'MSE',
  precision: 'Precision',
  r2: 'R²',
  recall: 'Recall',
  rmse: 'RMSE',
  rows: 'Rows',
  silhouette: 'Silhouette',
  weighted_f1: 'F1, weighted',
  weighted_precision: 'Precision, weighted',
  weighted_recall: 'Recall, weighted',
};

/** A metric's name for people; names nobody knows stay as they are. */
export function metricWords(name: string): string {
  const [, metric = '', model] = /^(\w+) of (.+)$/.exec(name) ?? [];
  if (WORDS[metric]) return `${WORDS[metric]} of ${model}`;
  const trained = name.startsWith('train_') ? WORDS[name.slice(6)] : undefined;
  return trained ? `${trained} on training rows` : (WORDS[name] ?? name);
}
