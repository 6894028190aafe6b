import type { AskableView } from '../../api';

// What a family is to be asked, and in which languages that can be done.

export type Purpose = AskableView['purpose'];
type Askable = readonly AskableView[];

/** What the county has approved words for, in some language. */
export const canBeAsked = (askable: Askable, purpose: string): boolean =>
  askable.some((each) => each.purpose === purpose && each.languages.length > 0);

/** News, and research that people are asked to take part in, are for grown-ups: nobody under sixteen is asked about them. */
const forGrownUps: readonly Purpose[] = ['news_and_events', 'research_contact'];
export const forUnderSixteen = (askable: Askable): AskableView[] => askable.filter(({ purpose }) => !forGrownUps.includes(purpose));

/** What is ticked and can be asked, in the order of the list. */
export const purposesAsked = (askable: Askable, ticked: Readonly<Record<string, boolean>>): Purpose[] =>
  askable.filter(({ purpose, languages }) => ticked[purpose] && languages.length > 0).map(({ purpose }) => purpose);

/** The languages in which all of it can be asked. */
export function languagesFor(askable: Askable, asked: readonly Purpose[]): string[] {
  const [first, ...others] = askable.filter(({ purpose }) => asked.includes(purpose));
  return first?.languages.filter((language) => others.every(({ languages }) => languages.includes(language))) ?? [];
}

/** The languages in which some of it is a draft still, so that none of it is offered in them. */
export function draftsFor(askable: Askable, asked: readonly Purpose[]): string[] {
  const offered = languagesFor(askable, asked);
  const written = askable.filter(({ purpose }) => asked.includes(purpose)).flatMap(({ languages, drafts }) => [...languages, ...drafts]);
  return [...new Set(written)].filter((language) => !offered.includes(language));
}
