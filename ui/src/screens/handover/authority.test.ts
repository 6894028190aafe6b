import { describe, expect, it } from 'vitest';
import type { ConsentEventView, MemberView } from '../../api';
import { grounds, problemsOf, recordedOn, toSettle, type SetUp } from './authority';
import { handed } from './memory';
import { isSignature, tidyStrokes } from './signature';

const child = (person: string) => ({ person, name: person, kind: 'child' }) as MemberView;
const mum = { person: 'mum', name: 'Ada Mum', kind: 'adult' } as MemberView;
const event = (kind: ConsentEventView['kind'], at: string, by = 'Ada Mum'): ConsentEventView =>
  ({ at, kind, by, purpose: null, granted: [], refused: [], taken_by: 'Staff', decision: null, authority: null, doubtful: false, report: null, why: null });
const setUp = (more: Partial<SetUp> = {}): SetUp => ({ decider: 'mum', about: ['mum', 'leo'], settled: [], claims: {}, ...more });

describe('authority', () => {
  it('is on record until it ends', () => {
    const given = event('authority', '2026-01-01T09:00:00.000Z');
    const ended = event('authority_end', '2026-02-01T09:00:00.000Z');
    expect(recordedOn([given], mum)).toBe(given.at);
    expect(recordedOn([ended, given], mum)).toBeNull();
    expect(recordedOn([event('authority', given.at, 'Somebody else')], mum)).toBeNull();
    expect(recordedOn([event('decision', given.at)], mum)).toBeNull();
  });
  it('is asked for each child that has none on record', () => {
    const children = [child('leo'), child('zoe')];
    expect(toSettle(setUp(), children).map(({ person }) => person)).toEqual(['leo']);
    expect(toSettle(setUp({ settled: ['leo'] }), children)).toEqual([]);
  });
  it('needs a ground and how it is known; caring for a child is no ground', () => {
    const children = [child('leo')];
    const problem = (claims: SetUp['claims']) => problemsOf(setUp({ claims }), children).map((each) => each.problem);
    expect(problem({})).toEqual(['ground']);
    expect(problem({ leo: { ground: 'none', evidence: 'seen' } })).toEqual(['cannot']);
    expect(problem({ leo: { ground: 'mother', evidence: null } })).toEqual(['evidence']);
    expect(problem({ leo: { ground: 'mother', evidence: 'declared' } })).toEqual([]);
    expect(grounds).toContain('none');
  });
  it('needs somebody to decide and somebody to decide about', () => {
    expect(problemsOf(setUp({ decider: null }), [])).toEqual([{ field: 'decider', problem: 'who' }]);
    expect(problemsOf(setUp({ about: [] }), [])).toEqual([{ field: 'about', problem: 'nobody' }]);
  });
});

describe('the choice of staff', () => {
  it('is held for that family only, until it is forgotten', () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    expect(handed.for('f')?.decider).toBe('mum');
    expect(handed.for('g')).toBeNull();
    handed.forget();
    expect(handed.for('f')).toBeNull();
  });
});

describe('a signature', () => {
  const line = (count: number, step: number) => ({
    points: Array.from({ length: count }, (_, at) => ({ x: at * step + 0.123, y: 5, t: 1000 + at * 10.4, pressure: 0.5 + at / 10 })),
  });
  it('is more than a slip of the finger', () => {
    expect(isSignature([])).toBe(false);
    expect(isSignature([line(2, 30)])).toBe(false);
    expect(isSignature([line(20, 0.1)])).toBe(false);
    expect(isSignature([line(12, 4)])).toBe(true);
  });
  it('is sent with times from its start and numbers kept short', () => {
    const [first] = tidyStrokes([line(8, 4)]);
    expect(first?.points[0]).toEqual({ x: 0.1, y: 5, t: 0, pressure: 0.5 });
    expect(first?.points[7]).toEqual({ x: 28.1, y: 5, t: 73, pressure: 1 });
    expect(tidyStrokes([])).toEqual([]);
  });
});
