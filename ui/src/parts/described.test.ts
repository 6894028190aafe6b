import { expect, test } from 'vitest';
import { described } from './described';

test('a field is described by what is said about it, and by nothing else', () => {
  expect(described('f', 'a hint', 'an error', 'an echo')).toBe('f-hint f-error f-echo');
  expect(described('f', null, 'an error')).toBe('f-error');
  expect(described('f', 'a hint', null, '')).toBe('f-hint');
  expect(described('f', undefined, '')).toBeUndefined();
});
