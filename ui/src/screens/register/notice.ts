import type { NoticeView } from '../../api';

export interface NoticeSection {
  heading: string;
  body: string;
}

/** A notice comes as its headings, each followed by what stands below it. */
export function noticeSections(paragraphs: readonly string[]): NoticeSection[] {
  const sections: NoticeSection[] = [];
  for (let at = 0; at < paragraphs.length; at += 2) sections.push({ heading: paragraphs[at] ?? '', body: paragraphs[at + 1] ?? '' });
  return sections;
}

type Notices = readonly NoticeView[];

/** The languages that there is a notice in, in the county's order. */
export const languagesOf = (notices: Notices): string[] => [...new Set(notices.map(({ language }) => language))];

/** The notice in a language, in the form wanted where there is one. */
export function inLanguage(notices: Notices, language: string, form: NoticeView['form'] = 'short'): NoticeView | null {
  const spoken = notices.filter((notice) => notice.language === language);
  return spoken.find((notice) => notice.form === form) ?? spoken[0] ?? null;
}

/** The same notice in another form. */
export const inForm = (notices: Notices, chosen: NoticeView | null, form: NoticeView['form']): NoticeView | null =>
  notices.find((notice) => notice.language === chosen?.language && notice.form === form) ?? chosen;
