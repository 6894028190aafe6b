import { say, t } from '../../words';

/** What a deed is always for, which need not be said again. */
const plainly: Readonly<Record<string, string>> = {
  searched: 'search', logged_in: 'log_in', logged_out: 'log_out', invited: 'invite_login', handed_over: 'hand_over', took_back: 'hand_over',
  enrolled: 'set_up',
};

export const plain = (code: string): string => code.replace(/_/g, ' ');

/** `saw/open_family`: the deed in words, and what for, where that says more than the deed. */
export function told(action: string): string {
  const [deed = '', purpose = ''] = action.split('/');
  const words = say('deed', deed);
  return purpose === '' || purpose === plainly[deed] ? words : t('audit-deed', { deed: words, purpose: plain(purpose) });
}
