import { expect, test } from 'vitest';
import type { ConsentEventView } from '../../api';
import { sayEvent, sayGround, sayTaker } from './history';

const event = (more: Partial<ConsentEventView>): ConsentEventView => ({
  at: '2026-11-29T09:45:00.000Z', kind: 'decision', by: 'Testa Próbna', purpose: null, granted: [], refused: [], taken_by: 'Casey', decision: null,
  authority: null, doubtful: false, report: null, ground: null, until: null, why: null, ...more,
});

test('an entry says what happened, and who is not known is somebody', () => {
  expect(sayEvent(event({}))).toBe('Testa Próbna decided');
  expect(sayEvent(event({ by: '', kind: 'withdrawal' }))).toBe('Somebody withdrew permission');
  expect(sayEvent(event({ kind: 'expiry' }))).toContain('run out');
  expect(sayEvent(event({ kind: 'misrecording' }))).toContain('by mistake');
});

test('a report is told from a withdrawal, and a dispute from an end', () => {
  expect(sayEvent(event({ kind: 'withdrawal', report: 'waits' }))).toContain('reported');
  expect(sayEvent(event({ kind: 'authority_end' }))).not.toBe(sayEvent(event({ kind: 'authority_end', doubtful: true })));
});

test('a ruling says what it was, and whether it is the county’s', () => {
  expect(sayEvent(event({ kind: 'ruling', report: 'dismissed' }))).toContain('does not count');
  expect(sayEvent(event({ kind: 'ruling', report: 'upheld' }))).not.toContain('in time');
  expect(sayEvent(event({ kind: 'ruling', report: 'upheld', taken_by: '' }))).toContain('in time');
});

test('what no login wrote down, the county did', () => {
  expect(sayTaker(event({}))).toBe('Taken by Casey');
  expect(sayTaker(event({ kind: 'authority' }))).toBe('Recorded by Casey');
  expect(sayTaker(event({ kind: 'expiry', taken_by: '' }))).toBe('By the county');
});

test('an authority says its ground, its last day, and why somebody was judged to understand where that is told', () => {
  const authority = (more: Partial<ConsentEventView>) => event({ kind: 'authority', ...more });
  expect(sayGround(event({ why: 'A slip.' }))).toEqual([]);
  expect(sayGround(authority({ ground: 'mother' }))).toEqual(['As the mother']);
  expect(sayGround(authority({ ground: 'court_order', until: '2027-04-03' }))).toEqual(['Under a court order', 'Last day: 3 Apr 2027']);
  expect(sayGround(authority({ ground: 'understands' }))).toEqual(['Judged to understand']);
  expect(sayGround(authority({ ground: 'understands', why: 'Told it back.' }))).toEqual(['Judged to understand: Told it back.']);
  expect(sayEvent(authority({ ground: 'understands', by: 'Nele' }))).toBe('Nele may decide for themself: recorded');
});
