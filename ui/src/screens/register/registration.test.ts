import { expect, test } from 'vitest';
import { emptyPerson } from './person';
import { beginning, readDraft, request } from './registration.svelte';

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
  const notice = { notice: 'n', version: 3, language: 'en', title: '', paragraphs: [], sha256: 'ab' };
  expect(request(typed, notice).notice).toEqual({ notice: 'n', version: 3, language: 'en', sha256: 'ab' });
  expect(request({ ...typed, notice_shown: false }, notice).notice).toBeNull();
});

test('no fixed address sends no address, and keeps it on the page', () => {
  const typed = { ...beginning(''), address: '1 Mill Lane', postcode: 'NG1 7EH', no_fixed_address: true };
  expect(request(typed, null)).toMatchObject({ address: '', postcode: '', no_fixed_address: true });
  expect(typed.address).toBe('1 Mill Lane');
});

test('a draft comes back whole, and one that is no form is let go', () => {
  const typed = { ...beginning('Ewa Kowalska'), note: 'Prefers a text' };
  expect(readDraft(JSON.parse(JSON.stringify(typed)))).toEqual(typed);
  for (const junk of [null, 'text', 7, {}, { adults: 'x', children: [] }]) expect(readDraft(junk)).toBeNull();
});
