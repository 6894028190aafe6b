import { describe, expect, it } from 'vitest';
import type { HandOverView, WordingView } from '../../api';
import { accept, attribute, copyToOthers, decided, done, give, questionsFor, refuseAll, sheetOf, unanswered, type Answers, type Question } from './answers';
import { after, before, count, firstOpen, pages, type Way } from './flow';

const wording = (language = 'en', version = 2): WordingView => ({
  wording: `picture-${language}`, version, language, purpose: 'publicity_picture', for_oneself: true, for_children: true, attribution: null, title: 'Pictures', what: ['Why'], declaration: 'Mine.',
  channels: [
    { channel: 'centre_display', label: 'On the wall', hint: null },
    { channel: 'press', label: 'Newspapers', hint: null },
  ],
  how_to_change: 'Tell us', valid_for_months: 24, sha256: '00',
});
const head = (decision: string, subject: string) => ({ decision, subject, purpose: 'publicity_picture' as const, granted: ['press'], refused: ['centre_display'], decided_on: '2026-01-02' });
const view: HandOverView = {
  family: 'f',
  deciders: [
    { person: 'mum', name: 'Mum', notice_due: false, may_decide_for: [{ person: 'mum', authority: null }, { person: 'leo', authority: 'a1' }, { person: 'zoe', authority: 'a2' }] },
    { person: 'gran', name: 'Gran', notice_due: false, may_decide_for: [{ person: 'gran', authority: null }] },
  ],
  subjects: [
    { person: 'leo', name: 'Leo', kind: 'child' },
    { person: 'zoe', name: 'Zoe', kind: 'baby' },
    { person: 'mum', name: 'Mum', kind: 'adult' },
    { person: 'gran', name: 'Gran', kind: 'adult' },
  ],
  languages: [{ language: 'en', dir: 'ltr' }],
  wordings: [wording('en', 1), wording()],
  notices: [{ notice: 'n', version: 1, language: 'en', dir: 'ltr', form: 'short', title: 'Notice', paragraphs: [], sha256: '00' }],
};
// The core tells of the decider's own only.
const said = [head('d1', 'leo')];
const questions = questionsFor(view, 'mum', 'en', null, said);
const [self, leo, zoe] = questions as [Question, Question, Question];
const fill = (answers: Answers, question: Question): Answers =>
  give(give(answers, question, 'centre_display', 'yes'), question, 'press', 'no');

describe('questions', () => {
  it('ask about the decider first and then about the children they may decide for', () => {
    expect(questions.map((each) => [each.subject.person, each.authority, each.about])).toEqual([
      ['mum', null, 'self'], ['leo', 'a1', 'child'], ['zoe', 'a2', 'child'],
    ]);
  });
  it('ask a grandparent without authority only about herself', () => {
    expect(questionsFor(view, 'gran', 'en', null, []).map((each) => each.subject.person)).toEqual(['gran']);
  });
  it('ask only about the people that were chosen', () => {
    expect(questionsFor(view, 'mum', 'en', ['zoe'], said).map((each) => each.subject.person)).toEqual(['zoe']);
  });
  it('show what was said before where it was said', () => {
    expect(leo.earlier.map((each) => each.decision)).toEqual(['d1']);
    expect(zoe.earlier).toEqual([]);
    const quote = { ...view, wordings: [{ ...wording(), purpose: 'publicity_quote' as const }] };
    expect(questionsFor(quote, 'mum', 'en', ['leo'], said)[0]?.earlier).toEqual([]);
  });
  it('use the newest wording of a language', () => {
    expect(self.wording.version).toBe(2);
  });
  it('ask nobody for themselves what is asked for children, nor the other way', () => {
    const both = { ...view, wordings: [{ ...wording(), purpose: 'news_and_events' as const, for_children: false }, { ...wording('en', 1), wording: 'own', purpose: 'development_record' as const, for_oneself: false }] };
    expect(questionsFor(both, 'mum', 'en', null, []).map((each) => each.key)).toEqual(['mum/picture-en', 'leo/own', 'zoe/own']);
  });
  it('are not done before it is said whose name stands under a quote that may be used', () => {
    const attribution = { question: 'Which name?', options: [{ attribution: 'anonymous' as const, label: 'None' }] };
    const [quote] = questionsFor({ ...view, wordings: [{ ...wording(), purpose: 'publicity_quote' as const, attribution }] }, 'mum', 'en', ['mum'], []) as [Question];
    const yes = fill({}, quote);
    expect([done(yes, quote), decided(yes, [quote])]).toEqual([false, null]);
    expect(decided(attribute(yes, quote, 'anonymous'), [quote])?.[0]?.attribution).toBe('anonymous');
    expect(decided(refuseAll(yes, quote), [quote])?.[0]?.attribution).toBeNull();
  });
  it('ask nobody anything for a stranger or another language', () => {
    expect(questionsFor(view, 'nobody', 'en', null, [])).toEqual([]);
    expect(questionsFor(view, 'mum', 'pl', null, [])).toEqual([]);
  });
});

describe('answers', () => {
  it('start empty, whatever was said before', () => {
    expect(unanswered({}, leo)).toEqual(['centre_display', 'press']);
    expect(done({}, leo)).toBe(false);
  });
  it('are a No to everything in one step', () => {
    const answers = refuseAll({}, self);
    expect(done(answers, self)).toBe(true);
    expect(sheetOf(answers, self.key).given).toEqual({ centre_display: 'no', press: 'no' });
  });
  it('carried over to other children have to be looked at', () => {
    let answers = copyToOthers(fill({}, leo), leo, questions);
    expect(sheetOf(answers, zoe.key).given).toEqual({ centre_display: 'yes', press: 'no' });
    expect(done(answers, zoe)).toBe(false);
    expect(sheetOf(answers, self.key).given).toEqual({});
    answers = accept(answers, zoe);
    expect(done(answers, zoe)).toBe(true);
  });
  it('are not carried over from the adult to the children', () => {
    const answers = fill({}, self);
    expect(copyToOthers(answers, self, questions)).toEqual(answers);
  });
  it('can be sent only when every page is finished', () => {
    let answers = fill(fill({}, self), leo);
    expect(decided(answers, questions)).toBeNull();
    answers = copyToOthers(answers, leo, questions);
    expect(decided(answers, questions)).toBeNull();
    const sent = decided(accept(answers, zoe), questions);
    expect(sent?.[1]).toEqual({
      subject: 'leo', authority: 'a1', wording: 'picture-en', version: 2, sha256: '00', attribution: null,
      granted: ['centre_display'], refused: ['press'], replaces: ['d1'],
    });
    expect(decided({}, [])).toBeNull();
  });
});

describe('the way through', () => {
  const way = (answers: Answers = {}, more: Partial<Way> = {}): Way => ({ languages: 1, askDecider: false, noticeDue: false, questions, answers, ...more });
  const on = { checking: false, help: null };

  it('leaves out pages with one choice', () => {
    expect(pages(way()).map(({ page }) => page)).toEqual(['start', 'question', 'question', 'question', 'help', 'check', 'sign']);
    const all = way({}, { languages: 2, askDecider: true, noticeDue: true });
    expect(pages(all).map(({ page }) => page).slice(0, 4)).toEqual(['language', 'start', 'decider', 'notice']);
  });
  it('goes on and back by one page', () => {
    const place = { page: 'question', key: leo.key } as const;
    expect(after(place, way(), on)).toEqual({ page: 'question', key: zoe.key });
    expect(before(place, way())).toEqual({ page: 'question', key: self.key });
    expect(before({ page: 'start' }, way())).toBeNull();
    expect(before({ page: 'thanks' }, way())).toBeNull();
    expect(after({ page: 'sign' }, way(), on)).toEqual({ page: 'thanks' });
    expect(after({ page: 'thanks' }, way(), on)).toEqual({ page: 'back' });
  });
  it('returns from a change to the check, by way of whatever became open', () => {
    const full = fill(fill(fill({}, self), leo), zoe);
    const place = { page: 'question', key: leo.key } as const;
    expect(after(place, way(full), { checking: true, help: 'none' as const })).toEqual({ page: 'check' });
    expect(after(place, way(full), { checking: true, help: null })).toEqual({ page: 'help' });
    const copied = copyToOthers(full, leo, questions);
    expect(after(place, way(copied), { checking: true, help: 'none' as const })).toEqual({ page: 'question', key: zoe.key });
    expect(firstOpen(way(), false)).toEqual({ page: 'question', key: self.key });
  });
  it('counts the questions', () => {
    expect(count({ page: 'question', key: zoe.key }, way())).toEqual({ number: 3, of: 3 });
    expect(count({ page: 'check' }, way())).toBeNull();
  });
});
