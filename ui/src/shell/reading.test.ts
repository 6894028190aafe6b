import { expect, test } from 'vitest';
import { Reading } from './reading.svelte';

test('what was read is taken off the screen, also when its answer comes late', async () => {
  let answer: (view: string) => void = () => {};
  const reading = new Reading(() => new Promise<string>((resolve) => (answer = resolve)));
  const first = reading.read();
  answer('a concern');
  await first;
  expect(reading.view).toBe('a concern');
  const second = reading.read();
  reading.forget();
  answer('a concern');
  await second;
  expect(reading.view).toBeNull();
});
