import { expect, test } from 'vitest';
import type { PhotoPersonView } from '../../api';
import { askingHelps, lengthOf, longestQuote, opening, roomLeft, speakers } from './quoting';

const member = (person: string) => ({ person, name: person.toUpperCase(), family: 'f', here: false });
const answer = (person: string, reason: PhotoPersonView['reason'] = null): PhotoPersonView => ({ person, name: person, permitted: reason === null, reason });

test('a character is one, however it is written, and none around the words', () => {
  expect(lengthOf('  Zażółć 🎈\n')).toBe(8);
  expect(lengthOf(' \n')).toBe(0);
});

test('only near the end it is told how much room is left', () => {
  expect(roomLeft('')).toBeNull();
  expect(roomLeft('ż'.repeat(longestQuote - 201))).toBeNull();
  expect(roomLeft('ż'.repeat(longestQuote - 200))).toBe(200);
  expect(roomLeft(` ${'🎈'.repeat(longestQuote)} `)).toBe(0);
  expect(roomLeft('a'.repeat(longestQuote + 3))).toBe(-3);
});

test('a quote is told by how it begins', () => {
  expect(opening(' Lovely. ')).toBe('Lovely.');
  expect(opening('Lovely.\nWe come again.')).toBe('Lovely.…');
  expect(opening('Everybody knows our names here, and mine too.')).toBe('Everybody knows our names here, and mine…');
  expect(opening('Everybody knows our names here, and everything else.')).toBe('Everybody knows our names here, and…');
  expect(opening('Everybody knows our names here, and mine')).toBe('Everybody knows our names here, and mine');
  expect(opening('🎈'.repeat(41))).toBe(`${'🎈'.repeat(40)}…`);
});

test('only those are offered who may be quoted, the others with the reason', () => {
  const offered = speakers([member('mum'), member('leo'), member('new')], [answer('leo'), answer('mum', 'consent_expired')]);
  expect(offered.map(({ value, label, disabled }) => [value, label, disabled])).toEqual([['mum', 'MUM', true], ['leo', 'LEO', false], ['new', 'NEW', true]]);
  expect(offered.map(({ hint }) => hint)).toEqual(['The yes has run out', null, 'Nobody has said yes to quotes']);
});

test('the family is asked where a yes would change something', () => {
  expect(askingHelps([])).toBe(false);
  expect(askingHelps([answer('leo')])).toBe(false);
  expect(askingHelps([answer('leo'), answer('mum', 'consent_withdrawn')])).toBe(true);
  expect(askingHelps([answer('mum', 'never_photograph')])).toBe(false);
});
