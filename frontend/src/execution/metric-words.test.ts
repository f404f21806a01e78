import { expect, it } from 'vitest';
import { metricWords } from './metric-words';

it.each([
  ['auc', 'ROC AUC'],
  ['train_f1', 'F1 on training rows'],
  ['rmse of model 2', 'RMSE of model 2'],
  ['rmse of Train forest', 'RMSE of Train forest'],
  ['loss', 'loss'],
  ['train_loss', 'train_loss'],
  ['loss of model 2', 'loss of model 2'],
])('calls %s %s', (name, words) => expect(metricWords(name)).toBe(words));
