import { expect, test } from 'vitest';
import type { ConsentEventView } from '../../api';
import { sayEvent, sayTaker } from './history';

const event = (more: Partial<ConsentEventView>): ConsentEventView => ({
  at: '2026-11-29T09:45:00.000Z', kind: 'decision', by: 'Testa Próbna', purpose: null, granted: [], refused: [], taken_by: 'Casey', decision: null,
  authority: null, doubtful: false, report: null, why: null, ...more,
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
