import { expect, it } from 'vitest';
import { mix } from './chart-theme';

it('mixes long and short colours', () => {
  expect(mix('#ff0000', '#000', 0.5)).toBe('#800000');
  expect(mix('#fff', '#000000', 1)).toBe('#ffffff');
});
