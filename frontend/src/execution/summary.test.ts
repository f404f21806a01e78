import { expect, it } from 'vitest';
import { inReadingOrder } from './summary';

it('tells how models compare before the one that was chosen', () => {
  const outputs = [
    { name: 'model', summary: { kind: 'model' } },
    { name: 'evaluation', summary: { kind: 'report' } },
    { name: 'files', summary: null },
  ];
  expect(inReadingOrder(outputs).map((output) => output.name)).toEqual(['evaluation', 'files', 'model']);
  expect(outputs[0]?.name).toBe('model');
});
