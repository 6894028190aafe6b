import type { MemberHit, SearchView } from '../../api';

export interface Known {
  member: MemberHit;
  /** What their family is called. */
  family: string;
}

const most = 8;

/** The people whom a search found, each once, without those who are here already. */
export function knownPeople(found: SearchView, here: ReadonlySet<string>): Known[] {
  const seen = new Set(here);
  const people: Known[] = [];
  for (const { name, members } of found.tiers.flatMap((tier) => tier.families)) {
    for (const member of members) {
      if (!member.matched || seen.has(member.person)) continue;
      seen.add(member.person);
      people.push({ member, family: name });
    }
  }
  return people.slice(0, most);
}

/** Who was chosen, as long as they stand on the screen: nobody unseen is added. */
export const stillThere = (people: readonly Known[] | null, chosen: string | null): string | null =>
  people?.some(({ member }) => member.person === chosen) ? chosen : null;
