import { expect, test } from 'vitest';
import type { FamilyHit, MemberHit, SearchView } from '../../api';
import { knownPeople, stillThere } from './known';

const member = (person: string, matched = true): MemberHit => ({ person, name: person, age: null, kind: 'adult', matched, here: false });
const family = (name: string, members: MemberHit[]) => ({ family: name, name, members }) as unknown as FamilyHit;
const found: SearchView = {
  text: 'test',
  tiers: [
    { tier: 'this_centre', more: false, families: [family('Testa', [member('nan'), member('mum', false)])] },
    { tier: 'rest', more: false, families: [family('Probe', [member('nan'), member('dad')])] },
  ],
};

test('those who were meant are offered, each once, and nobody who is here already', () => {
  expect(knownPeople(found, new Set()).map(({ member: { person }, family: of }) => [person, of])).toEqual([['nan', 'Testa'], ['dad', 'Probe']]);
  expect(knownPeople(found, new Set(['nan'])).map(({ member: { person } }) => person)).toEqual(['dad']);
});

test('who went from the screen is chosen no longer', () => {
  const people = knownPeople(found, new Set());
  expect(stillThere(people, 'dad')).toBe('dad');
  expect(stillThere(knownPeople(found, new Set(['dad'])), 'dad')).toBeNull();
  expect(stillThere(null, 'dad')).toBeNull();
  expect(stillThere(people, null)).toBeNull();
});
