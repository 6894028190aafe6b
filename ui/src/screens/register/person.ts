import type { MemberView, MemberRole, PersonForm } from '../../api';
import { shortDate } from '../../parts/format';

export function emptyPerson(role: MemberRole): PersonForm {
  return {
    given_name: '', family_name: '', known_as: '', birth_date: '', due_date: '', phone: '', email: '', nhs_number: '',
    language: '', allergies: '', role, parental_responsibility: null,
  };
}

/** What is kept about a member, as a form to change. */
export function personForm(member: MemberView): PersonForm {
  return {
    given_name: member.given_name,
    family_name: member.family_name,
    known_as: member.known_as ?? '',
    birth_date: member.birth_date ? shortDate(member.birth_date) : '',
    due_date: member.due_date ? shortDate(member.due_date) : '',
    phone: member.phone ?? '',
    email: member.email ?? '',
    nhs_number: member.nhs_number ?? '',
    language: member.language ?? '',
    allergies: member.allergies ?? '',
    role: member.role,
    parental_responsibility: member.parental_responsibility,
  };
}

export const adultRoles: readonly MemberRole[] = ['parent_carer', 'expectant_parent', 'grandparent', 'other_adult', 'emergency_contact'];

/** A form with nothing in it is no person: an extra line left empty does no harm. */
export function isBlank(form: PersonForm): boolean {
  const { role: _role, parental_responsibility: _responsibility, ...texts } = form;
  return Object.values(texts).every((text) => text.trim() === '');
}
