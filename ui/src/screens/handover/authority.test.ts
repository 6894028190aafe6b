import { describe, expect, it } from 'vitest';
import { Refusal, type ConsentEventView, type FamilyView, type Ground, type MemberView, type RecordAuthorityRequest } from '../../api';
import {
  grounds, judgedOn, longestReason, problemIn, problemsOf, recordedOn, toJudge, toRecord, toSettle, youngOf, type Claim, type SetUp,
} from './authority';
import { handed } from './memory';
import { isSignature, tidyStrokes } from './signature';

const today = '2026-11-30';
const aged = (years: number) => ({ years, months: 3 });
const child = (person: string, years = 3) => ({ person, name: person, kind: 'child', age: aged(years) }) as MemberView;
const adult = (person: string, name: string, age: MemberView['age'] = null) => ({ person, name, kind: 'adult', role: 'parent_carer', age }) as MemberView;
const mum = adult('mum', 'Ada Mum');
const nele = child('nele', 14);
const event = (more: Partial<ConsentEventView> = {}): ConsentEventView => ({
  at: '2026-01-01T09:00:00.000Z', kind: 'authority', by: 'Ada Mum', purpose: null, granted: [], refused: [], taken_by: 'Staff', decision: null,
  authority: 'a', doubtful: false, report: null, ground: 'mother', until: null, why: null, ...more,
});
const setUp = (more: Partial<SetUp> = {}): SetUp => ({
  decider: mum, about: ['mum', 'leo'], settled: [], claims: {}, reason: '', mayJudge: true, ...more,
});
const claim = (more: Partial<Claim> = {}): Claim => ({ ground: 'mother', evidence: 'declared', until: '', ...more });

describe('authority', () => {
  it('is on record until it ends, is in dispute or its last day is over', () => {
    expect(recordedOn([event()], mum, today)).toBe(event().at);
    expect(recordedOn([event({ authority: null }), event({ kind: 'authority_end', at: '2026-02-01T09:00:00.000Z' })], mum, today)).toBeNull();
    expect(recordedOn([event({ doubtful: true })], mum, today)).toBeNull();
    expect(recordedOn([event({ by: 'Somebody else' })], mum, today)).toBeNull();
    expect(recordedOn([event({ kind: 'decision', ground: null })], mum, today)).toBeNull();
    const order = (until: string) => recordedOn([event({ ground: 'court_order', until })], mum, today);
    expect([order('2026-11-29'), order(today)]).toEqual([null, event().at]);
    // What was recorded again after an end holds.
    expect(recordedOn([event({ at: '2026-03-01T09:00:00.000Z' }), event({ authority: null })], mum, today)).toBe('2026-03-01T09:00:00.000Z');
  });
  it('to decide for a child is not that the child understands, nor the other way round', () => {
    const own = event({ ground: 'understands', by: 'Ada Mum' });
    expect([recordedOn([own], mum, today), judgedOn([own], today)]).toEqual([null, own.at]);
    expect([judgedOn([event()], today), judgedOn([{ ...own, authority: null }], today), judgedOn([{ ...own, doubtful: true }], today)]).toEqual([null, null, null]);
  });
  it('is asked for each child that has none on record', () => {
    const children = [child('leo'), child('zoe')];
    expect(toSettle(setUp(), children).map(({ person }) => person)).toEqual(['leo']);
    expect(toSettle(setUp({ settled: ['leo'] }), children)).toEqual([]);
  });
  it('needs a ground and how it is known; caring for a child is no ground', () => {
    const children = [child('leo')];
    const problem = (claims: SetUp['claims']) => problemsOf(setUp({ claims }), children, today).map((each) => each.problem);
    expect(problem({})).toEqual(['ground']);
    expect(problem({ leo: claim({ ground: 'none', evidence: 'seen' }) })).toEqual(['cannot']);
    expect(problem({ leo: claim({ evidence: null }) })).toEqual(['evidence']);
    expect(problem({ leo: claim() })).toEqual([]);
    expect(grounds).toContain('none');
    expect(grounds).not.toContain('understands');
  });
  it('may have a last day where it rests on a paper: a day, and not one that is over', () => {
    const children = [child('leo')];
    const of = (more: Partial<Claim>) => {
      const held = setUp({ claims: { leo: claim(more) } });
      return [problemsOf(held, children, today).map((each) => each.problem), toRecord(held, children, today)[0]?.valid_until];
    };
    expect(of({ ground: 'court_order' })).toEqual([[], null]);
    expect(of({ ground: 'court_order', until: '30/11/26' })).toEqual([[], today]);
    expect(of({ ground: 'guardian', until: '3 apr 41' })).toEqual([[], '2041-04-03']);
    expect(of({ ground: 'agreement', until: '29/11/26' })[0]).toEqual(['until_over']);
    expect(of({ ground: 'delegated', until: 'soon', evidence: null })[0]).toEqual(['evidence', 'until']);
    // What was typed for another ground is not asked any more.
    expect(of({ ground: 'mother', until: 'soon' })).toEqual([[], null]);
  });
  it('needs somebody to decide and somebody to decide about', () => {
    expect(problemsOf(setUp({ decider: null }), [], today)).toEqual([{ field: 'decider', problem: 'who' }]);
    expect(problemsOf(setUp({ about: [] }), [], today)).toEqual([{ field: 'about', problem: 'nobody' }]);
  });
});

describe('a young person', () => {
  const alone = (more: Partial<SetUp> = {}) => setUp({ decider: nele, about: ['nele'], ...more });
  const problems = (held: SetUp) => problemsOf(held, [nele, child('leo')], today);

  it('is ten or older, of a known age', () => {
    const members = [mum, child('leo', 9), child('ada', 10), child('ben', 15), child('cleo', 16), { ...child('eve'), age: null }];
    const family = { members } as unknown as FamilyView;
    expect(youngOf(family).map(({ person }) => person)).toEqual(['ada', 'ben', 'cleo']);
  });
  it('decides once a login that may judges that they understand, and says why', () => {
    expect(problems(alone())).toEqual([{ field: 'reason', problem: 'reason' }]);
    expect(problems(alone({ reason: ' \n' }))).toEqual([{ field: 'reason', problem: 'reason' }]);
    expect(problems(alone({ reason: 'é'.repeat(longestReason + 1) }))).toEqual([{ field: 'reason', problem: 'reason_long' }]);
    expect(problems(alone({ reason: ` ${'🙂'.repeat(longestReason)} ` }))).toEqual([]);
    expect(problems(alone({ reason: 'Told it back.', mayJudge: false }))).toEqual([{ field: 'decider', problem: 'may_not' }]);
  });
  it('is asked for no ground, and judged once', () => {
    const held = alone({ reason: ' Told it back. ' });
    expect(toSettle(held, [nele, child('leo')])).toEqual([]);
    expect(toRecord(held, [nele, child('leo')], today)).toEqual([
      { child: 'nele', holder: 'nele', ground: 'understands', evidence: 'declared', reason: 'Told it back.', valid_until: null },
    ]);
    const settled = alone({ settled: ['nele'], mayJudge: false });
    expect([toJudge(settled), problems(settled), toRecord(settled, [nele], today)]).toEqual([false, [], []]);
  });
  it('can be a parent: judged for themself, and for their child a mother as anybody', () => {
    const parent = adult('nele', 'Nele', aged(15));
    const held = setUp({ decider: parent, about: ['nele', 'leo'], claims: { leo: claim() }, reason: 'Told it back.' });
    expect(toRecord(held, [child('leo')], today).map(({ child: of, ground }) => [of, ground])).toEqual([['nele', 'understands'], ['leo', 'mother']]);
    expect(problemsOf({ ...held, mayJudge: false }, [child('leo')], today)).toEqual([{ field: 'about.nele', problem: 'may_not' }]);
    expect(toJudge({ ...held, about: ['leo'] })).toBe(false);
    expect([adult('mum', 'Mum', aged(16)), mum].map((decider) => toJudge(setUp({ decider })))).toEqual([false, false]);
  });
});

describe('what the core says', () => {
  const request = (ground: Ground): RecordAuthorityRequest => ({ child: 'nele', holder: 'nele', ground, evidence: 'seen', reason: '', valid_until: null });
  const of = (refusal: Refusal, ground: Ground = 'understands', decider = nele) => problemIn(refusal, request(ground), decider);

  it('stands where the form asks it', () => {
    expect(of(new Refusal('date_too_early', 'valid_until'), 'court_order')).toEqual({ field: 'until.nele', problem: 'until_over', child: 'nele' });
    expect(of(new Refusal('required', 'reason'))).toEqual({ field: 'reason', problem: 'reason' });
    expect(of(new Refusal('too_long', 'reason'))).toEqual({ field: 'reason', problem: 'reason_long' });
    expect(of(new Refusal('too_young', 'child'))).toEqual({ field: 'decider', problem: 'too_young' });
    expect(of(new Refusal('required', 'child'))).toEqual({ field: 'decider', problem: 'no_birth_date' });
    expect(of(new Refusal('invalid', 'child'), 'understands', adult('nele', 'Nele', aged(15)))).toEqual({ field: 'about.nele', problem: 'old_enough' });
    expect(of(new Refusal('not_allowed'))).toEqual({ field: 'decider', problem: 'may_not' });
  });
  it('is said as a whole where the form asks no such thing', () => {
    expect([of(new Refusal('busy')), of(new Refusal('authority_ended', 'holder')), of(new Refusal('not_allowed'), 'mother')]).toEqual([null, null, null]);
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
