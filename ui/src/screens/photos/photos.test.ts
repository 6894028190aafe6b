import { describe, expect, it } from 'vitest';
import type { FamilyHit, FamilyView, HereView, PhotoCheckView } from '../../api';
import { consentHelps, foundPeople, membersOf, othersHere, refusedAmong } from './people';
import { cameraTrouble, fileTrouble, fitted, fromBase64, largestFile, takenAt, toBase64 } from './picture';
import { isCrowd, sayOf } from './shown';

const family = {
  family: 'f',
  members: [
    { person: 'mum', name: 'Mum', role: 'parent_carer', here: null },
    { person: 'leo', name: 'Leo', role: 'child', here: 'a1' },
    { person: 'aunt', name: 'Aunt', role: 'emergency_contact', here: null },
  ],
} as unknown as FamilyView;
const leo = { person: 'leo', name: 'Leo', family: 'f', here: true };

describe('people in a picture', () => {
  it('are offered from the family, those here first', () => {
    expect(membersOf(family).map(({ person }) => person)).toEqual(['leo', 'mum']);
  });
  it('are offered from those here, without repeating anybody', () => {
    const here = [
      { person: 'leo', name: 'Leo', family: 'f', session: 's1', kind: 'child' },
      { person: 'ana', name: 'Ana', family: 'g', session: 's1', kind: 'child' },
      { person: 'bo', name: 'Bo', family: 'h', session: 's2', kind: 'child' },
      { person: 'sam', name: 'Sam', family: 'h', session: 's1', kind: 'staff' },
    ] as HereView[];
    expect(othersHere(here, 's1', [leo]).map(({ person }) => person)).toEqual(['ana']);
    expect(othersHere(here, null, [leo]).map(({ person }) => person)).toEqual(['ana', 'bo']);
  });
  it('are found by name: the members that match, or all where the family does', () => {
    const hits = [
      { family: 'g', members: [{ person: 'ana', name: 'Ana', matched: true, here: false }, { person: 'ben', name: 'Ben', matched: false, here: false }] },
      { family: 'f', members: [{ person: 'leo', name: 'Leo', matched: false, here: true }, { person: 'mum', name: 'Mum', matched: false, here: false }] },
    ] as unknown as FamilyHit[];
    expect(foundPeople(hits, [leo]).map(({ person }) => person)).toEqual(['ana', 'mum']);
  });
  it('pass only when the check says so', () => {
    const check: PhotoCheckView = { session_allows: true, people: [
      { person: 'leo', name: 'Leo', permitted: true, reason: null },
      { person: 'mum', name: 'Mum', permitted: false, reason: 'consent_withdrawn' },
    ] };
    const mum = { person: 'mum', name: 'Mum', family: 'f', here: false };
    const new_ = { person: 'new', name: 'New', family: 'f', here: false };
    expect(refusedAmong(check, [leo])).toEqual([]);
    expect(refusedAmong(check, [leo, mum, new_]).map(({ reason }) => reason)).toEqual(['consent_withdrawn', 'no_consent']);
    expect(refusedAmong(null, [leo])).toHaveLength(1);
    expect(consentHelps('no_consent')).toBe(true);
    expect(consentHelps('never_photograph')).toBe(false);
  });
});

describe('pictures', () => {
  it('survive the way to text and back', () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => at % 256);
    expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    expect(toBase64(new Uint8Array())).toBe('');
  });
  it('are refused by kind and size before they are read', () => {
    expect(fileTrouble({ type: 'image/jpeg', size: 10 })).toBeNull();
    expect(fileTrouble({ type: 'image/svg+xml', size: 10 })).toBe('not_a_picture');
    expect(fileTrouble({ type: 'image/png', size: 0 })).toBe('not_a_picture');
    expect(fileTrouble({ type: 'image/png', size: largestFile + 1 })).toBe('picture_too_large');
  });
  it('carry a time that is not after now', () => {
    const now = Date.parse('2026-11-23T09:30:00.000Z');
    expect(takenAt(now - 1000, now)).toBe('2026-11-23T09:29:59.000Z');
    expect(takenAt(now + 1000, now)).toBe('2026-11-23T09:30:00.000Z');
    expect(takenAt(0, now)).toBe('2026-11-23T09:30:00.000Z');
  });
  it('are drawn within a size', () => {
    expect(fitted(4000, 3000, 1000)).toEqual({ width: 1000, height: 750 });
    expect(fitted(400, 300, 1000)).toEqual({ width: 400, height: 300 });
    expect(fitted(0, 0, 1000)).toEqual({ width: 1, height: 1 });
  });
});

describe('what a picture is known by', () => {
  const people = [{ person: 'leo', name: 'Leo' }, { person: 'ana', name: 'Ana' }];
  it('is who is in it', () => {
    expect(isCrowd({ public_place: null })).toBe(false);
    expect(sayOf({ people, public_place: null })).toBe('Leo and Ana');
  });
  it('is the event and the place where nobody is named', () => {
    expect(isCrowd({ public_place: 'The fair in the park' })).toBe(true);
    expect(sayOf({ people: [], public_place: 'The fair in the park' })).toBe('The fair in the park');
  });
});

describe('a camera that does not open', () => {
  it('is told apart: refused, none, busy', () => {
    expect(cameraTrouble({ name: 'NotAllowedError' })).toBe('refused');
    expect(cameraTrouble({ name: 'NotFoundError' })).toBe('none');
    expect(cameraTrouble({ name: 'NotReadableError' })).toBe('busy');
    expect(cameraTrouble(undefined)).toBe('other');
    // Where the web view has no camera at all, asking for one is a TypeError.
    expect(cameraTrouble(new TypeError('undefined'))).toBe('none');
  });
});
