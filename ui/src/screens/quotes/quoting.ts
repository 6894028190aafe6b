import type { PhotoPersonView } from '../../api';
import { say } from '../../words';
import { consentHelps, type Candidate } from '../photos/people';

// What somebody said, until it is kept. Nothing here writes anywhere.

/** As many characters as the core keeps of what somebody said. */
export const longestQuote = 2_000;
/** As many as it keeps of a language's name. */
export const longestLanguage = 60;
/** From how few on it is told how many are left. */
const nearly = 200;

/** Characters as the core counts them: an emoji is one, and what surrounds the words is none. */
export const lengthOf = (text: string): number => [...text.trim()].length;

/** How many more characters there is room for, below none when there are too many; null while there is plenty. */
export function roomLeft(words: string): number | null {
  const left = longestQuote - lengthOf(words);
  return left <= nearly ? left : null;
}

/** How words begin, by which one quote is told from another where no more can be said. */
export function opening(words: string): string {
  const [line = ''] = words.trim().split('\n');
  const most = 40;
  if (line.length === words.trim().length && line.length <= most) return line;
  const cut = line.slice(0, most + 1);
  return `${cut.length > most ? cut.replace(/\s*\S*$/, '') || [...line].slice(0, most).join('') : line}…`;
}

/** The members of a family as they are offered: whoever may not be quoted cannot be chosen, and it is said why. */
export function speakers(members: readonly Candidate[], check: readonly PhotoPersonView[]): { value: string; label: string; hint: string | null; disabled: boolean }[] {
  return members.map(({ person, name }) => {
    const answer = check.find((each) => each.person === person);
    const permitted = answer?.permitted ?? false;
    return { value: person, label: name, hint: permitted ? null : say('quote-reason', answer?.reason ?? 'no_consent'), disabled: !permitted };
  });
}

/** Whether asking the family could let somebody be quoted who may not be. */
export const askingHelps = (check: readonly PhotoPersonView[]): boolean =>
  check.some(({ permitted, reason }) => !permitted && consentHelps(reason ?? 'no_consent'));
