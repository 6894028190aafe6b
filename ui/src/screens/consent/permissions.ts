import type { FamilyView, Form, MemberView, PermissionView, Purpose, WithdrawalHow } from '../../api';

// How permissions are told on a family's page, and what a withdrawal may name.

export const purposes: readonly Purpose[] = [
  'publicity_picture', 'publicity_quote', 'development_record', 'news_and_events', 'research_contact',
];

/** The kinds of records that can change what is permitted. */
export const consentKinds: readonly string[] = [
  'authority', 'authority_end', 'decision', 'misrecording', 'expiry', 'withdrawal', 'withdrawal_ruling', 'stop', 'stop_end',
];

/** What is kept under a purpose: pictures, words, or neither. */
export function formOf(purpose: Purpose): Form | null {
  if (purpose === 'publicity_quote') return 'words';
  return purpose === 'publicity_picture' || purpose === 'development_record' ? 'picture' : null;
}

/** What is kept under several purposes. */
export function formsOf(purposes: readonly Purpose[]): Form | 'both' | null {
  const [first, ...others] = purposes.map(formOf).filter((form) => form !== null);
  if (first === undefined) return null;
  return others.every((form) => form === first) ? first : 'both';
}

/** A person's permissions in the one order that every screen uses. Purposes never asked about come with the state `none`. */
export function permissionsOf(member: MemberView): PermissionView[] {
  return [...member.permissions].sort((a, b) => purposes.indexOf(a.purpose) - purposes.indexOf(b.purpose));
}

/** Whether there is a Yes to take back. */
export const canWithdraw = (permission: PermissionView): boolean =>
  permission.granted.length > 0 && permission.decisions.length > 0;

/** From this age on a child may have decided for themself, and takes that back themself. */
const youngest = 10;

/** Who may be the one withdrawing: the person themself first, and the adults of the family. */
export function withdrawers(family: FamilyView, subject: MemberView): MemberView[] {
  const themself = ({ person, kind, age }: MemberView): boolean => person === subject.person && (kind === 'adult' || (age !== null && age.years >= youngest));
  return family.members
    .filter((member) => themself(member) || (member.kind === 'adult' && member.role !== 'emergency_contact'))
    .sort((a, b) => Number(b.person === subject.person) - Number(a.person === subject.person));
}

/** A channel as the core writes it: `centre_display`, `social_media:facebook`, `partner:home-start`. */
export function readChannel(channel: string): { kind: string; name: string | null } {
  const at = channel.indexOf(':');
  if (at < 0) return { kind: channel, name: null };
  const name = channel.slice(at + 1).replace(/-/g, ' ').trim();
  return { kind: channel.slice(0, at), name: name.charAt(0).toUpperCase() + name.slice(1) };
}

/** In place of a person: somebody who is not of the family, or nobody knows who. */
export const somebodyElse = 'somebody_else';

/** Who asks. Nobody in particular is good enough for a report, and for nothing else. */
export function whoAsks(chosen: string | null, how: WithdrawalHow | null): string | null {
  if (how === 'reported') return chosen ?? somebodyElse;
  return chosen === somebodyElse ? null : chosen;
}

export interface WithdrawForm {
  by: string | null;
  how: WithdrawalHow | null;
  extent: 'all' | 'some' | null;
  channels: readonly string[];
}

export type WithdrawField = 'by' | 'how' | 'extent' | 'channels';

export function withdrawProblems(form: WithdrawForm): WithdrawField[] {
  const missing: WithdrawField[] = [];
  if (!form.how) missing.push('how');
  if (!form.by) missing.push('by');
  if (!form.extent) missing.push('extent');
  if (form.extent === 'some' && form.channels.length === 0) missing.push('channels');
  return missing;
}

/** The channels that are sent: null means all, also when every one of them was ticked. */
export function withdrawnChannels(form: WithdrawForm, permission: PermissionView): string[] | null {
  if (form.extent !== 'some') return null;
  const all = permission.granted.every((channel) => form.channels.includes(channel));
  return all ? null : permission.granted.filter((channel) => form.channels.includes(channel));
}
