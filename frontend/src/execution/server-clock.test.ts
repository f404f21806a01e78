import { expect, it } from 'vitest';
import { ServerClock } from './server-clock';

it('follows the clock of the server, and stays where it is for what is no time', () => {
  const clock = new ServerClock(() => 1_000);
  clock.sync(new Date(5_000).toISOString());
  expect(clock.now()).toBe(5_000);
  clock.sync('not a time');
  expect(clock.now()).toBe(5_000);
});
