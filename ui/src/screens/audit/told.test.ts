import { expect, test } from 'vitest';
import { told } from './told';

test('a deed says what for, unless that is the deed itself', () => {
  expect(told('saw/open_family')).toBe('Saw: open family');
  expect(told('changed/sign_in')).toBe('Changed: sign in');
  expect(told('logged_in/log_in')).toBe('Logged in');
  expect(told('searched/search')).toBe('Searched');
  expect(told('took_back/hand_over')).toBe('Took the tablet back');
  expect(told('logged_in')).toBe('Logged in');
});
