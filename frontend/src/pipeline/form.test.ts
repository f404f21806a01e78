import { expect, it } from 'vitest';
import { awsWord, fieldOf } from './form';

const titled = { enum: ['Approved', 'Pending'], 'x-titles': ['Approved', 'Waits'], default: 'Pending' };

it.each([
  ['Pending', 'Pending'],
  [undefined, 'Pending'],
  ['', 'Pending'],
  ['Approved', ''],
  ['Other', ''],
])('gives the AWS word of %s where people read another one', (value, word) => {
  expect(awsWord(fieldOf('Status', titled, '/Status', false), value)).toBe(word);
});

it('has nothing to add to values that are shown as they are', () => {
  expect(awsWord(fieldOf('Type', { enum: ['File', 'Pipe'] }, '/Type', false), 'File')).toBe('');
  expect(awsWord(fieldOf('Name', { type: 'string' }, '/Name', false), 'File')).toBe('');
});
