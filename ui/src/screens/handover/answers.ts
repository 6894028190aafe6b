import type { DecideRequest, HandOverView, HeadView, SubjectAnswers, SubjectView, WordingView } from '../../api';

// What a parent has answered so far. It lives in memory only: nothing of it is written before the signature.

export type Answer = 'yes' | 'no';

/** Who helped with the words. Never a relative or a child: whom one of them helped, nobody may let sign. */
export type Help = DecideRequest['help'];
export type HelpAnswer = Help | 'somebody_else';
export const helps: readonly HelpAnswer[] = ['none', 'interpreter', 'read_aloud', 'somebody_else'];

/** One page: what one wording asks about one person. */
export interface Question {
  key: string;
  subject: SubjectView;
  wording: WordingView;
  /** Under what the decider speaks for a child, or under sixteen for themself; null for who needs nothing of the kind. */
  authority: string | null;
  about: 'self' | 'child';
  /** What this decider said before. Other deciders' answers are never here. */
  earlier: HeadView[];
}

export type Attribution = NonNullable<SubjectAnswers['attribution']>;

export interface Sheet {
  given: Readonly<Record<string, Answer>>;
  /** For a quote: whose name may stand under it. */
  attribution: Attribution | null;
  /** The question that these answers were carried over from, and whether they were looked at since. */
  copiedFrom: string | null;
  checked: boolean;
}

export type Answers = Readonly<Record<string, Sheet>>;

const blank: Sheet = { given: {}, attribution: null, copiedFrom: null, checked: true };

export const sheetOf = (answers: Answers, key: string): Sheet => answers[key] ?? blank;

/** The newest wording of each purpose in a language. */
export function wordingsIn(view: HandOverView, language: string): WordingView[] {
  const newest = new Map<string, WordingView>();
  for (const wording of view.wordings) {
    if (wording.language !== language) continue;
    const held = newest.get(wording.purpose);
    if (!held || held.version < wording.version) newest.set(wording.purpose, wording);
  }
  return [...newest.values()];
}

/**
 * The questions for a decider: about themself first, then about each child they may decide for.
 * `only` are the people that the member of staff chose, or null for everybody; `earlier` is what this decider said before.
 */
export function questionsFor(
  view: HandOverView, decider: string, language: string, only: readonly string[] | null, earlier: readonly HeadView[],
): Question[] {
  const holder = view.deciders.find((each) => each.person === decider);
  if (!holder) return [];
  const wordings = wordingsIn(view, language);
  // A parent under sixteen is not among them unless it was judged that they understand.
  const authorities = new Map(holder.may_decide_for.map((each) => [each.person, each.authority]));
  const asked = view.subjects
    .filter((subject) => authorities.has(subject.person))
    .filter((subject) => only === null || only.includes(subject.person))
    .sort((a, b) => Number(b.person === decider) - Number(a.person === decider));
  return asked.flatMap((subject) => {
    const authority = authorities.get(subject.person) ?? null;
    // What is for grown-ups only is asked of nobody who decides by an authority, not even about themself.
    return wordings.filter((wording) => (authority === null ? wording.for_oneself : wording.for_children)).map((wording) => ({
      key: `${subject.person}/${wording.wording}`,
      subject,
      wording,
      authority,
      about: subject.person === decider ? ('self' as const) : ('child' as const),
      earlier: earlier.filter((head) => head.subject === subject.person && head.purpose === wording.purpose),
    }));
  });
}

export function give(answers: Answers, question: Question, channel: string, answer: Answer): Answers {
  const sheet = sheetOf(answers, question.key);
  return { ...answers, [question.key]: { ...sheet, given: { ...sheet.given, [channel]: answer }, checked: true } };
}

/** Whose name may stand under a quote. */
export function attribute(answers: Answers, question: Question, attribution: Attribution): Answers {
  return { ...answers, [question.key]: { ...sheetOf(answers, question.key), attribution, checked: true } };
}

/** No to everything that this page asks. */
export function refuseAll(answers: Answers, question: Question): Answers {
  const given = Object.fromEntries(question.wording.channels.map(({ channel }) => [channel, 'no' as const]));
  return { ...answers, [question.key]: { given, attribution: null, copiedFrom: null, checked: true } };
}

/** The other children that the same question is asked about. */
export const othersLike = (questions: readonly Question[], from: Question): Question[] =>
  from.about === 'child'
    ? questions.filter((each) => each.about === 'child' && each.key !== from.key && each.wording.wording === from.wording.wording)
    : [];

/** Carries a child's answers over to the other children. Each still has to be looked at. */
export function copyToOthers(answers: Answers, from: Question, questions: readonly Question[]): Answers {
  const { given, attribution } = sheetOf(answers, from.key);
  const copies = othersLike(questions, from).map((each) => [each.key, { given, attribution, copiedFrom: from.key, checked: false }] as const);
  return { ...answers, ...Object.fromEntries(copies) };
}

/** The parent has looked at carried-over answers and says that they are right. */
export function accept(answers: Answers, question: Question): Answers {
  return { ...answers, [question.key]: { ...sheetOf(answers, question.key), checked: true } };
}

/** The channels of a page that have no answer yet. */
export function unanswered(answers: Answers, question: Question): string[] {
  const { given } = sheetOf(answers, question.key);
  return question.wording.channels.map(({ channel }) => channel).filter((channel) => given[channel] === undefined);
}

/** A quote that may be used somewhere needs to know with whose name. */
export const needsAttribution = (answers: Answers, question: Question): boolean =>
  question.wording.attribution !== null && channelsWith(answers, question, 'yes').length > 0;

/** It is still to be said with whose name. */
export const lacksAttribution = (answers: Answers, question: Question): boolean =>
  needsAttribution(answers, question) && sheetOf(answers, question.key).attribution === null;

export const done = (answers: Answers, question: Question): boolean =>
  unanswered(answers, question).length === 0 && !lacksAttribution(answers, question) && sheetOf(answers, question.key).checked;

/** The channels of a page with one answer. */
export const channelsWith = (answers: Answers, question: Question, answer: Answer): string[] =>
  question.wording.channels.map(({ channel }) => channel).filter((channel) => sheetOf(answers, question.key).given[channel] === answer);

/** What is sent to be decided, or null while a page is not finished. */
export function decided(answers: Answers, questions: readonly Question[]): SubjectAnswers[] | null {
  if (questions.length === 0 || !questions.every((question) => done(answers, question))) return null;
  return questions.map((question) => ({
    subject: question.subject.person,
    authority: question.authority,
    wording: question.wording.wording,
    version: question.wording.version,
    sha256: question.wording.sha256,
    attribution: needsAttribution(answers, question) ? sheetOf(answers, question.key).attribution : null,
    granted: channelsWith(answers, question, 'yes'),
    refused: channelsWith(answers, question, 'no'),
    replaces: question.earlier.map((head) => head.decision),
  }));
}
