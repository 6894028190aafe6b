import { expect, test } from 'vitest';
import type { AskableView } from '../../api';
import { canBeAsked, draftsFor, forUnderSixteen, languagesFor, purposesAsked } from './purposes';

const askable: AskableView[] = [
  { purpose: 'publicity_picture', languages: ['en', 'ur'], drafts: ['pl'] },
  { purpose: 'news_and_events', languages: ['en', 'pl'], drafts: ['ur'] },
  { purpose: 'research_contact', languages: [], drafts: ['en', 'pl', 'ur'] },
];

test('what the county has not approved cannot be asked', () => {
  expect(canBeAsked(askable, 'research_contact')).toBe(false);
  const ticked = { research_contact: true, news_and_events: true };
  expect(purposesAsked(askable, ticked)).toEqual(['news_and_events']);
  expect(purposesAsked([], ticked)).toEqual([]);
});

test('a language is offered when all of it can be asked in it, and is a draft otherwise', () => {
  expect(languagesFor(askable, ['publicity_picture'])).toEqual(['en', 'ur']);
  expect(draftsFor(askable, ['publicity_picture'])).toEqual(['pl']);
  expect(languagesFor(askable, ['publicity_picture', 'news_and_events'])).toEqual(['en']);
  expect(draftsFor(askable, ['publicity_picture', 'news_and_events'])).toEqual(['ur', 'pl']);
  expect(languagesFor(askable, [])).toEqual([]);
});

test('nobody under sixteen is asked about news or research', () => {
  expect(forUnderSixteen(askable).map(({ purpose }) => purpose)).toEqual(['publicity_picture']);
});
