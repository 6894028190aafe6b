import type { ConsentEventView, Evidence, FamilyView, Ground, MemberView, RecordAuthorityRequest, Refusal } from '../../api';
import { readDay } from '../publications/day';

// What a member of staff settles before the tablet changes hands: who decides, about whom, on what ground.

/** `none`: caring for a child, even every day, gives nobody the right to decide. */
export type GroundChoice = Exclude<Ground, 'understands'> | 'none';
export const grounds: readonly GroundChoice[] = [
  'mother', 'father_married_or_registered', 'court_order', 'agreement', 'guardian', 'local_authority', 'delegated', 'none',
];
/** Grounds that rest on a paper which somebody has to have seen or been told about, and which may name a last day. */
export const onPaper = (ground: GroundChoice): boolean => ground !== 'mother' && ground !== 'father_married_or_registered' && ground !== 'none';

export interface Claim {
  ground: GroundChoice | null;
  evidence: Evidence | null;
  /** The paper's last day, as typed. */
  until: string;
}
export const noClaim: Claim = { ground: null, evidence: null, until: '' };

/** A child of one year may have an order until they are grown up. */
const longestOrder = 20;
export const readLastDay = (typed: string, today: string): string | null => readDay(typed, today, longestOrder);

export const adultsOf = (family: FamilyView): MemberView[] =>
  family.members.filter((member) => member.kind === 'adult' && member.role !== 'emergency_contact');
export const childrenOf = (family: FamilyView): MemberView[] =>
  family.members.filter((member) => member.kind === 'child' || member.kind === 'baby');

/** Under ten nobody is asked whether a child understands; from sixteen on nobody needs to be. */
const youngest = 10;
const ownDecision = 16;
export const longestReason = 500;

export const isUnderSixteen = ({ age }: MemberView): boolean => age !== null && age.years < ownDecision;

/** Children who may decide for themself; under sixteen once somebody has judged that they understand. */
export const youngOf = (family: FamilyView): MemberView[] => childrenOf(family).filter(({ age }) => age !== null && age.years >= youngest);

/** An authority that is neither over nor in dispute. */
const inForce = (event: ConsentEventView, today: string): boolean =>
  event.kind === 'authority' && event.authority !== null && !event.doubtful && (event.until === null || event.until >= today);

const latest = (events: readonly ConsentEventView[]): string | null => events.map(({ at }) => at).sort().at(-1) ?? null;

/** When it was recorded that this adult may decide for a child, as the child's history tells it; null if it does not hold today. */
export const recordedOn = (history: readonly ConsentEventView[], holder: MemberView, today: string): string | null =>
  latest(history.filter((event) => inForce(event, today) && event.ground !== 'understands' && (event.by === holder.name || event.by === holder.person)));

/** When it was recorded that somebody under sixteen understands, as their own history tells it; null if it does not hold today. */
export const judgedOn = (history: readonly ConsentEventView[], today: string): string | null =>
  latest(history.filter((event) => inForce(event, today) && event.ground === 'understands'));

export interface SetUp {
  decider: MemberView | null;
  /** The people asked about: the decider, children, or both. */
  about: readonly string[];
  /** Children whose decider is on record already, and the decider themself if it is on record that they understand. */
  settled: readonly string[];
  claims: Readonly<Record<string, Claim>>;
  /** What was written of how it is known that a decider under sixteen understands. */
  reason: string;
  /** Whether this login may judge that. */
  mayJudge: boolean;
}

export type SetUpProblem =
  | { field: 'decider'; problem: 'who' }
  | { field: 'about'; problem: 'nobody' }
  | { field: `purposes.${string}`; problem: 'purposes' }
  | { field: `ground.${string}`; problem: 'ground' | 'cannot'; child: string }
  | { field: `evidence.${string}`; problem: 'evidence'; child: string }
  | { field: `until.${string}`; problem: 'until' | 'until_over'; child: string }
  | { field: 'reason'; problem: 'reason' | 'reason_long' }
  | { field: 'decider' | `about.${string}`; problem: 'may_not' | 'too_young' | 'no_birth_date' | 'old_enough' };

/** The choice that made somebody decide for themself: a young person's, or a young parent's tick. */
const choiceOf = (decider: MemberView): 'decider' | `about.${string}` => (decider.kind === 'adult' ? `about.${decider.person}` : 'decider');

/** What still stops the hand-over. */
export function problemsOf(setUp: SetUp, children: readonly MemberView[], today: string): SetUpProblem[] {
  const { decider } = setUp;
  if (!decider) return [{ field: 'decider', problem: 'who' }];
  const problems: SetUpProblem[] = [];
  if (setUp.about.length === 0) problems.push({ field: 'about', problem: 'nobody' });
  if (toJudge(setUp)) {
    if (!setUp.mayJudge) problems.push({ field: choiceOf(decider), problem: 'may_not' });
    else if (setUp.reason.trim() === '') problems.push({ field: 'reason', problem: 'reason' });
    else if ([...setUp.reason.trim()].length > longestReason) problems.push({ field: 'reason', problem: 'reason_long' });
  }
  for (const { person } of toSettle(setUp, children)) {
    const claim = setUp.claims[person];
    if (!claim?.ground) problems.push({ field: `ground.${person}`, problem: 'ground', child: person });
    else if (claim.ground === 'none') problems.push({ field: `ground.${person}`, problem: 'cannot', child: person });
    else {
      if (!claim.evidence) problems.push({ field: `evidence.${person}`, problem: 'evidence', child: person });
      if (onPaper(claim.ground) && claim.until.trim() !== '') {
        const day = readLastDay(claim.until, today);
        if (day === null) problems.push({ field: `until.${person}`, problem: 'until', child: person });
        else if (day < today) problems.push({ field: `until.${person}`, problem: 'until_over', child: person });
      }
    }
  }
  return problems;
}

/** The children asked about for whom nothing is on record yet. */
export const toSettle = (setUp: SetUp, children: readonly MemberView[]): MemberView[] =>
  children.filter(({ person }) => person !== setUp.decider?.person && setUp.about.includes(person) && !setUp.settled.includes(person));

/** Whether somebody has still to judge that the decider understands. */
export const toJudge = ({ decider, about, settled }: SetUp): boolean =>
  decider !== null && isUnderSixteen(decider) && about.includes(decider.person) && !settled.includes(decider.person);

/** What has to be recorded before the tablet changes hands. Nothing may stop it any more. */
export function toRecord(setUp: SetUp, children: readonly MemberView[], today: string): RecordAuthorityRequest[] {
  const { decider } = setUp;
  if (!decider) return [];
  const { person } = decider;
  const own: RecordAuthorityRequest[] = toJudge(setUp)
    ? [{ child: person, holder: person, ground: 'understands', evidence: 'declared', reason: setUp.reason.trim(), valid_until: null }]
    : [];
  const others = toSettle(setUp, children).flatMap((child): RecordAuthorityRequest[] => {
    const { ground, evidence, until } = setUp.claims[child.person] ?? noClaim;
    if (!ground || ground === 'none' || !evidence) return [];
    return [{ child: child.person, holder: person, ground, evidence, reason: '', valid_until: onPaper(ground) ? readLastDay(until, today) : null }];
  });
  return [...own, ...others];
}

/** What the core says of something that was to be recorded, where this form asks it; null where it asks no such thing. */
export function problemIn({ code, field }: Refusal, { child, ground }: RecordAuthorityRequest, decider: MemberView): SetUpProblem | null {
  if (field === 'valid_until') return { field: `until.${child}`, problem: code === 'date_too_early' ? 'until_over' : 'until', child };
  if (ground !== 'understands') return null;
  if (field === 'reason') return { field, problem: code === 'too_long' ? 'reason_long' : 'reason' };
  if (code === 'not_allowed') return { field: choiceOf(decider), problem: 'may_not' };
  if (field !== 'child') return null;
  const problem = code === 'too_young' ? 'too_young' : code === 'required' ? 'no_birth_date' : 'old_enough';
  return { field: choiceOf(decider), problem };
}
