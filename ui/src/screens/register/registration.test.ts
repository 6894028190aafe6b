import { expect, test } from 'vitest';
import { emptyPerson } from './person';
import { alone, beginning, datesOf, offeredOnly, readDraft, request } from './registration.svelte';

test('what was searched for begins the form', () => {
  expect(beginning('amira  el haddad').adults[0]).toMatchObject({ given_name: 'Amira', family_name: 'El Haddad' });
  expect(beginning('MacKenzie').adults[0]?.given_name).toBe('MacKenzie');
  expect(beginning('07700 900123').adults[0]).toMatchObject({ given_name: '', phone: '07700 900123' });
  expect(beginning('NG1 7EH').adults[0]).toMatchObject({ given_name: '', phone: '' });
});

test('lines left empty are nobody, and those between keep their place', () => {
  const typed = beginning('Ewa Kowalska');
  typed.children = [emptyPerson('child'), { ...emptyPerson('child'), given_name: 'Zofia' }, { ...emptyPerson('child'), family_name: 'Kowalska' }];
  const asked = request(typed, null);
  expect(asked.children.map((child) => child.given_name)).toEqual(['', 'Zofia']);
  expect(request(beginning(''), null)).toMatchObject({ adults: [emptyPerson('parent_carer')], children: [] });
});

test('the notice counts only when it was there to be shown', () => {
  const typed = { ...beginning(''), notice_shown: true };
  expect(request(typed, null).notice).toBeNull();
  const notice = { notice: 'n', version: 3, language: 'en', dir: 'ltr' as const, form: 'short' as const, title: '', paragraphs: [], sha256: 'ab' };
  expect(request(typed, notice).notice).toEqual({ notice: 'n', version: 3, language: 'en', sha256: 'ab' });
  expect(request({ ...typed, notice_shown: false }, notice).notice).toBeNull();
});

test('no fixed address sends no address, and keeps it on the page', () => {
  const typed = { ...beginning(''), address: '1 Mill Lane', postcode: 'NG1 7EH', no_fixed_address: true };
  expect(request(typed, null)).toMatchObject({ address: '', postcode: '', no_fixed_address: true });
  expect(typed.address).toBe('1 Mill Lane');
});

test('one person is asked about alone, and the dates come back by their fields', () => {
  const child = { ...emptyPerson('child'), birth_date: '3/4/24' };
  // Exactly what a registration is made of: the core takes nothing more.
  expect(alone(child)).toEqual({
    adults: [emptyPerson('parent_carer')], children: [child], address: '', postcode: '', no_fixed_address: false, note: '', notice: null, sign_in_to: null,
  });
  const parent = emptyPerson('expectant_parent');
  expect(alone(parent)).toMatchObject({ adults: [parent], children: [] });
  expect(datesOf({ 'children.0.birth_date': '2024-04-03' })).toEqual({ birth_date: '2024-04-03' });
});

test('a session that is not offered today is not chosen', () => {
  const sessions = [{ id: 'rhymes' }, { id: 'messy' }];
  expect(offeredOnly('messy', sessions)).toBe('messy');
  expect(offeredOnly('yesterday', sessions)).toBeNull();
  expect(offeredOnly(null, sessions)).toBeNull();
  expect(offeredOnly('messy', [])).toBeNull();
});

test('a draft comes back whole, and one that is no form is let go', () => {
  const typed = { ...beginning('Ewa Kowalska'), note: 'Prefers a text' };
  expect(readDraft(JSON.parse(JSON.stringify(typed)))).toEqual(typed);
  for (const junk of [null, 'text', 7, {}, { adults: 'x', children: [] }]) expect(readDraft(junk)).toBeNull();
});
