import { call, type FamilyRequest, type FamilyView } from '../../api';
import { status } from '../../shell/status.svelte';

export type Reason = NonNullable<FamilyRequest['reason']>;
export const reasons: readonly Reason[] = ['visit', 'phone_call', 'safeguarding', 'correction', 'rights_request'];

// Why the hidden family that is open was opened, by whom. Asked again for the next family and the next login.
let said: { family: string; user: string | null; reason: Reason } | null = null;
const user = (): string | null => status.view?.login?.user ?? null;

export function sayReason(family: string, reason: Reason): void {
  said = { family, user: user(), reason };
}

/** Reads a family's page, with the reason that was given for it. */
export function openFamily(family: string): Promise<FamilyView> {
  const reason = said?.family === family && said.user === user() ? said.reason : undefined;
  return call('family', reason ? { family, reason } : { family });
}
