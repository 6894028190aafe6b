import { expect, test } from 'vitest';
import type { NoticeView } from '../../api';
import { inForm, inLanguage, languagesOf, noticeSections } from './notice';

test('headings and what stands below them, and not a word left out', () => {
  expect(noticeSections(['Who we are', 'We are here.', 'Why', 'It is our job.'])).toEqual([
    { heading: 'Who we are', body: 'We are here.' }, { heading: 'Why', body: 'It is our job.' },
  ]);
  expect(noticeSections(['Why'])).toEqual([{ heading: 'Why', body: '' }]);
  expect(noticeSections([])).toEqual([]);
});

test('a notice is read in the language and form that suit', () => {
  const notice = (language: string, form: NoticeView['form']): NoticeView =>
    ({ notice: form, version: 1, language, dir: 'ltr', form, title: '', paragraphs: [], sha256: `${language} ${form}` });
  const [short, full, polish] = [notice('en', 'short'), notice('en', 'full'), notice('pl', 'short')];
  const all = [short, full, polish];
  expect(languagesOf(all)).toEqual(['en', 'pl']);
  expect(inForm(all, short, 'full')).toBe(full);
  expect(inForm(all, polish, 'full')).toBe(polish);
  expect(inLanguage(all, 'pl', 'full')).toBe(polish);
  expect(inLanguage(all, 'en', 'full')).toBe(full);
  expect(inLanguage(all, 'ur')).toBeNull();
});
