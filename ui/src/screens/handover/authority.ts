import type { ConsentEventView, Evidence, FamilyView, Ground, MemberView } from '../../api';

// What a member of staff settles before the tablet changes hands: who decides, about whom, on what ground.

/** `none`: caring for a child, even every day, gives nobody the right to decide. */
export type GroundChoice = Ground | 'none';
export const grounds: readonly GroundChoice[] = ['mother', 'father', 'court_order', 'guardian', 'care_order', 'delegated', 'none'];
/** Grounds that rest on a paper which somebody has to have seen or been told about. */
export const onPaper = (ground: GroundChoice): boolean => ground !== 'mother' && ground !== 'father' && ground !== 'none';

export interface Claim {
  ground: GroundChoice | null;
  evidence: Evidence | null;
}

export const adultsOf = (family: FamilyView): MemberView[] =>
  family.members.filter((member) => member.kind === 'adult' && member.role !== 'emergency_contact');
export const childrenOf = (family: FamilyView): MemberView[] =>
  family.members.filter((member) => member.kind === 'child' || member.kind === 'baby');

/** When it was recorded that this adult may decide for a child, as the child's history tells it; null if it never was, or ended. */
export function recordedOn(history: readonly ConsentEventView[], holder: MemberView): string | null {
  let on: string | null = null;
  for (const event of [...history].sort((a, b) => a.at.localeCompare(b.at))) {
    if (event.by !== holder.name && event.by !== holder.person) continue;
    if (event.kind === 'authority') on = event.at;
    if (event.kind === 'authority_end') on = null;
  }
  return on;
}

export interface SetUp {
  decider: string | null;
  /** The people asked about: the decider, children, or both. */
  about: readonly string[];
  /** Children whose decider is on record already. */
  settled: readonly string[];
  claims: Readonly<Record<string, Claim>>;
}

export type SetUpProblem =
  | { field: 'decider'; problem: 'who' }
  | { field: 'about'; problem: 'nobody' }
  | { field: `purposes.${string}`; problem: 'purposes' }
  | { field: `ground.${string}`; problem: 'ground' | 'cannot'; child: string }
  | { field: `evidence.${string}`; problem: 'evidence'; child: string };

/** What still stops the hand-over. */
export function problemsOf(setUp: SetUp, children: readonly MemberView[]): SetUpProblem[] {
  const problems: SetUpProblem[] = [];
  if (!setUp.decider) return [{ field: 'decider', problem: 'who' }];
  if (setUp.about.length === 0) problems.push({ field: 'about', problem: 'nobody' });
  for (const { person } of toSettle(setUp, children)) {
    const claim = setUp.claims[person];
    if (!claim?.ground) problems.push({ field: `ground.${person}`, problem: 'ground', child: person });
    else if (claim.ground === 'none') problems.push({ field: `ground.${person}`, problem: 'cannot', child: person });
    else if (!claim.evidence) problems.push({ field: `evidence.${person}`, problem: 'evidence', child: person });
  }
  return problems;
}

/** The children asked about for whom nothing is on record yet. */
export const toSettle = (setUp: SetUp, children: readonly MemberView[]): MemberView[] =>
  children.filter(({ person }) => setUp.about.includes(person) && !setUp.settled.includes(person));
