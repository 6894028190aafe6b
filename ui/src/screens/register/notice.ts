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
