import { call, type NoticeView, type PersonForm, type Problem, type RegistrationCheck, type RegistrationRequest } from '../../api';
import { emptyPerson, isBlank } from './person';

/** What stands on the page; the draft keeps exactly this. */
export interface Typed {
  adults: PersonForm[];
  children: PersonForm[];
  address: string;
  postcode: string;
  no_fixed_address: boolean;
  note: string;
  notice_shown: boolean;
  sign_in_to: string | null;
}

/** A newcomer's form begins with what was typed in the search: a name, or a number. */
export function beginning(searched: string): Typed {
  const adult = emptyPerson('parent_carer');
  const text = searched.trim();
  if (/^[\d +()-]{5,}$/.test(text)) adult.phone = text;
  else if (/^[^\d]+$/.test(text)) {
    const [given = '', ...rest] = text.split(/\s+/);
    adult.given_name = capital(given);
    adult.family_name = rest.map(capital).join(' ');
  }
  return {
    adults: [adult], children: [emptyPerson('child')], address: '', postcode: '', no_fixed_address: false, note: '',
    notice_shown: false, sign_in_to: null,
  };
}

const capital = (word: string): string => (word === word.toLowerCase() ? word.charAt(0).toUpperCase() + word.slice(1) : word);

/** A draft read back, where it has the shape of today's form. */
export function readDraft(value: unknown): Typed | null {
  if (typeof value !== 'object' || value === null) return null;
  const draft = value as Partial<Typed>;
  if (!Array.isArray(draft.adults) || !Array.isArray(draft.children)) return null;
  return {
    ...beginning(''),
    ...draft,
    adults: draft.adults.map((person) => ({ ...emptyPerson('parent_carer'), ...person })),
    children: draft.children.map((person) => ({ ...emptyPerson('child'), ...person })),
  };
}

/** A session that is no longer offered, such as yesterday's in a draft, is no choice. */
export const offeredOnly = (chosen: string | null, sessions: readonly { id: string }[]): string | null =>
  sessions.some(({ id }) => id === chosen) ? chosen : null;

/** Empty lines at the end are nobody; those between keep their place, so that a problem finds its field. */
function withoutBlankEnd(people: PersonForm[], least: number): PersonForm[] {
  let end = people.length;
  while (end > least) {
    const last = people[end - 1];
    if (!last || !isBlank(last)) break;
    end -= 1;
  }
  return people.slice(0, end);
}

export function request(typed: Typed, notice: NoticeView | null): RegistrationRequest {
  return {
    adults: withoutBlankEnd(typed.adults, 1),
    children: withoutBlankEnd(typed.children.map((child) => (isBlankChild(child, typed) ? emptyPerson('child') : child)), 0),
    address: typed.no_fixed_address ? '' : typed.address,
    postcode: typed.no_fixed_address ? '' : typed.postcode,
    no_fixed_address: typed.no_fixed_address,
    note: typed.note,
    notice:
      typed.notice_shown && notice
        ? { notice: notice.notice, version: notice.version, language: notice.language, sha256: notice.sha256 }
        : null,
    sign_in_to: typed.sign_in_to,
  };
}

/** One person as a registration, to ask what the core makes of what was typed about them. */
export const alone = (person: PersonForm): RegistrationRequest => {
  const none = beginning('');
  return request(person.role === 'child' ? { ...none, children: [person] } : { ...none, adults: [person], children: [] }, null);
};

/** The dates understood, by the names that the fields of one person have. */
export const datesOf = (dates: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(dates).map(([field, date]) => [field.split('.').at(-1) ?? field, date]));

/** A child of whom only the family name stands there, copied from the parent, is nobody yet. */
const isBlankChild = (child: PersonForm, typed: Typed): boolean =>
  isBlank({ ...child, family_name: '' }) && child.family_name === (typed.adults[0]?.family_name ?? '');

/** What is wrong with a whole list is said at its first field. */
const atField = (problem: Problem): Problem =>
  problem.field === 'adults' || problem.field === 'children' ? { ...problem, field: `${problem.field}.0.given_name` } : problem;

const pause = 250;

/** Asks the core about the form a moment after the last key: dates as understood, problems, likely duplicates. */
export class Checking {
  found: RegistrationCheck | null = $state.raw(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #number = 0;

  soon(asked: RegistrationRequest): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.now(asked).catch(() => {}), pause);
  }

  async now(asked: RegistrationRequest): Promise<RegistrationCheck> {
    clearTimeout(this.#timer);
    const number = ++this.#number;
    const answer = await call('check_registration', asked);
    const found = { ...answer, problems: answer.problems.map(atField) };
    if (number === this.#number) this.found = found;
    return found;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
