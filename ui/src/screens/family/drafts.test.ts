import { expect, test } from 'vitest';
import { readTyped } from './drafts';

const empty = { phone: '', email: '' };

test('a draft comes back with what was seen when it was begun', () => {
  const kept = JSON.parse(JSON.stringify({ form: { phone: '0115 496 0000', email: '' }, versions: 'seen then' }));
  expect(readTyped(kept, empty)).toEqual({ form: { phone: '0115 496 0000', email: '' }, versions: 'seen then' });
});

test('a field that the form has since gained is empty', () => {
  expect(readTyped({ form: { phone: '1' }, versions: 'v' }, empty)?.form).toEqual({ phone: '1', email: '' });
});

test('a draft that does not say what was seen is let go', () => {
  for (const junk of [null, 'text', {}, { phone: '1' }, { form: { phone: '1' } }, { form: null, versions: 'v' }, { form: {}, versions: 7 }]) {
    expect(readTyped(junk, empty)).toBeNull();
  }
});
