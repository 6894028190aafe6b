import type { FamilyHit, FamilyView, HereView, MemberHit, PhotoCheckView } from '../../api';

// Who may be offered as being in a picture, and whom the check lets pass.

export interface Candidate {
  person: string;
  name: string;
  /** Whose consent pages to open; null for somebody of whom only a picture tells. */
  family: string | null;
  here: boolean;
}

const hereFirst = (a: Candidate, b: Candidate): number => Number(b.here) - Number(a.here);

/** A family's members, those signed in now first. */
export function membersOf(family: FamilyView): Candidate[] {
  return family.members
    .filter((member) => member.role !== 'emergency_contact')
    .map((member) => ({ person: member.person, name: member.name, family: family.family, here: member.here !== null }))
    .sort(hereFirst);
}

/** Everybody signed in now, or only at one session, who is not in the list already. */
export function othersHere(here: readonly HereView[], session: string | null, known: readonly Candidate[]): Candidate[] {
  const held = new Set(known.map(({ person }) => person));
  return here
    .filter((each) => each.kind !== 'staff' && !held.has(each.person) && (session === null || each.session === session))
    .map(({ person, name, family }) => ({ person, name, family, here: true }));
}

/** What a search found, as people, without those already listed. */
export function foundPeople(families: readonly FamilyHit[], known: readonly Candidate[]): Candidate[] {
  const held = new Set(known.map(({ person }) => person));
  const people: Candidate[] = [];
  const matched = (hit: FamilyHit): MemberHit[] => {
    const named = hit.members.filter((member) => member.matched);
    return named.length > 0 ? named : hit.members;
  };
  for (const hit of families) {
    for (const member of matched(hit)) {
      if (held.has(member.person)) continue;
      held.add(member.person);
      people.push({ person: member.person, name: member.name, family: hit.family, here: member.here });
    }
  }
  return people;
}

export interface Refused {
  person: string;
  name: string;
  reason: string;
}

/** The chosen people whom no picture may show. Somebody whom the check does not name is not let through. */
export function refusedAmong(check: PhotoCheckView | null, chosen: readonly Candidate[]): Refused[] {
  return chosen.flatMap(({ person, name }) => {
    const answer = check?.people.find((each) => each.person === person);
    if (answer?.permitted) return [];
    return [{ person, name: answer?.name ?? name, reason: answer?.reason ?? 'no_consent' }];
  });
}

/** Whether consent could change the answer; a session where nobody is photographed, it could not. */
export const consentHelps = (reason: string): boolean =>
  ['no_consent', 'no_authority', 'consent_withdrawn', 'consent_expired'].includes(reason);
