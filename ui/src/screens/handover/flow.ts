import { done, type Answers, type HelpAnswer, type Question } from './answers';

// The order of the pages that a parent walks through. Pure, so that every way through it can be tested.

export type Place =
  | { page: 'start' }
  | { page: 'language' }
  | { page: 'decider' }
  | { page: 'notice' }
  | { page: 'question'; key: string }
  | { page: 'help' }
  | { page: 'reader' }
  | { page: 'check' }
  | { page: 'sign' }
  | { page: 'thanks' }
  | { page: 'back' };

export interface Way {
  /** Pages with a single choice are left out. */
  languages: number;
  /** The parent has to say who they are. */
  askDecider: boolean;
  /** The parent has still to be shown the privacy notice, or a newer one. */
  noticeDue: boolean;
  questions: readonly Question[];
  answers: Answers;
}

export const samePlace = (a: Place, b: Place): boolean =>
  a.page === b.page && (a.page !== 'question' || b.page !== 'question' || a.key === b.key);

/** Every page on the way, in order, up to the signature. */
export function pages(way: Way): Place[] {
  return [
    ...(way.languages > 1 ? [{ page: 'language' } as const] : []),
    { page: 'start' },
    ...(way.askDecider ? [{ page: 'decider' } as const] : []),
    ...(way.noticeDue ? [{ page: 'notice' } as const] : []),
    ...way.questions.map(({ key }) => ({ page: 'question', key }) as const),
    { page: 'help' },
    { page: 'check' },
    { page: 'sign' },
  ];
}

/** The first page that still has something to answer; nobody gets past it. */
export function firstOpen(way: Way, helped: boolean): Place {
  const open = way.questions.find((question) => !done(way.answers, question));
  if (open) return { page: 'question', key: open.key };
  return helped ? { page: 'check' } : { page: 'help' };
}

/** The page after this one. A page that was opened from "check your answers" goes back there once all is answered. */
export function after(place: Place, way: Way, options: { checking: boolean; help: HelpAnswer | null }): Place {
  if (place.page === 'sign') return { page: 'thanks' };
  if (place.page === 'thanks') return { page: 'back' };
  // Whom a relative, a friend or a child read it to does not sign: staff find somebody first.
  if (options.help === 'somebody_else' && (place.page === 'help' || place.page === 'check')) return { page: 'reader' };
  if (options.checking) return firstOpen(way, options.help !== null);
  const list = pages(way);
  const here = list.findIndex((each) => samePlace(each, place));
  return list[here + 1] ?? { page: 'start' };
}

/** The page before this one, or null at the start and where there is no way back (signed). */
export function before(place: Place, way: Way): Place | null {
  if (place.page === 'reader') return { page: 'help' };
  const list = pages(way);
  const here = list.findIndex((each) => samePlace(each, place));
  return here > 0 ? (list[here - 1] ?? null) : null;
}

/** How far along a page is, for "Question 2 of 3"; null where there is nothing to count. */
export function count(place: Place, way: Way): { number: number; of: number } | null {
  if (place.page !== 'question') return null;
  const here = way.questions.findIndex(({ key }) => key === place.key);
  return here < 0 ? null : { number: here + 1, of: way.questions.length };
}
