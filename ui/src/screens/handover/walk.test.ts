import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal, type HandOverView } from '../../api';
import { othersLike } from './answers';
import { reserved } from './held';
import { handed } from './memory';
import { Walk } from './walk.svelte';

const { call, earlier } = vi.hoisted(() => ({ call: vi.fn(), earlier: vi.fn() }));
vi.mock('../../api', async (original) => ({
  ...(await original<typeof import('../../api')>()),
  call: (name: string, request: unknown) => (name === 'earlier_answers' ? earlier(request) : call(name, request)),
}));

const view: HandOverView = {
  family: 'f',
  deciders: [
    { person: 'mum', name: 'Mum', notice_due: false, may_decide_for: [{ person: 'mum', authority: null }, { person: 'leo', authority: 'a1' }] },
    { person: 'dad', name: 'Dad', notice_due: false, may_decide_for: [{ person: 'dad', authority: null }] },
  ],
  subjects: [
    { person: 'mum', name: 'Mum', kind: 'adult' },
    { person: 'dad', name: 'Dad', kind: 'adult' },
    { person: 'leo', name: 'Leo', kind: 'child' },
  ],
  languages: [{ language: 'en', dir: 'ltr' }],
  wordings: [{
    wording: 'w', version: 1, language: 'en', purpose: 'publicity_picture', for_oneself: true, for_children: true, attribution: null, title: 'Pictures', what: [], declaration: 'Mine.',
    channels: [{ channel: 'press', label: 'Press', hint: null }], how_to_change: '', valid_for_months: 12, sha256: '00',
  }],
  notices: [{ notice: 'n', version: 1, language: 'en', dir: 'ltr', form: 'short', title: 'Notice', paragraphs: [], sha256: '00' }],
};
const line = [{ points: Array.from({ length: 12 }, (_, at) => ({ x: at * 5, y: 3, t: at * 10, pressure: 0.5 })) }];

function toTheEnd(walk: Walk): void {
  for (let steps = 0; walk.place.page !== 'sign' && steps < 20; steps += 1) {
    if (walk.place.page === 'decider' && walk.decider === null) walk.decide('dad');
    if (walk.question) walk.refuseAll(walk.question);
    if (walk.place.page === 'help') walk.help = 'none';
    walk.next();
  }
  walk.strokes = line;
}

beforeEach(() => {
  call.mockReset();
  earlier.mockReset();
  earlier.mockResolvedValue([]);
  handed.forget();
});

describe('a parent’s way', () => {
  it('asks the person and about the people whom staff chose', () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    const walk = new Walk(view);
    expect(walk.name).toBe('Mum');
    expect(walk.questions.map(({ subject }) => subject.person)).toEqual(['leo']);
  });
  it('asks who they are when nothing is known, as after a restart', () => {
    const walk = new Walk(view);
    expect(walk.decider).toBeNull();
    walk.next();
    expect(walk.place.page).toBe('decider');
    walk.decide('mum');
    expect(walk.questions.map(({ subject }) => subject.person)).toEqual(['mum', 'leo']);
  });
  it('is over for somebody else: only staff hand the tablet to another person', () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    const walk = new Walk(view);
    walk.notMe();
    expect(walk.place.page).toBe('back');
    expect(walk.decider).toBe('mum');
  });
  it('asks the core for the answers of nobody but the person who decides, and replaces those', async () => {
    const head = { decision: 'd1', subject: 'dad', purpose: 'publicity_picture', granted: ['press'], refused: [], decided_on: '2026-01-02' };
    earlier.mockResolvedValue([head]);
    call.mockResolvedValue({ decisions: ['d2'], reference: 'ABCD-EFGH' });
    const walk = new Walk(view);
    expect(earlier).not.toHaveBeenCalled();
    toTheEnd(walk);
    await walk.send(null);
    expect(earlier.mock.calls).toEqual([[{ decider: 'dad' }]]);
    expect(call.mock.calls[0]?.[1].answers[0].replaces).toEqual(['d1']);
  });
  it('recalls what was said before only to whom staff chose', () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    const walk = new Walk(view);
    expect(walk.recalls).toBe(true);
    walk.decide('dad');
    expect(walk.recalls).toBe(false);
    handed.forget();
    const after = new Walk(view);
    after.decide('mum');
    expect(after.recalls).toBe(false);
    const alone = new Walk({ ...view, deciders: view.deciders.slice(0, 1) });
    expect([alone.decider, alone.recalls]).toEqual(['mum', false]);
  });
  it('does not lead to the signature for whom a relative, a friend or a child helped', async () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    const walk = new Walk(view);
    toTheEnd(walk);
    walk.back();
    walk.change({ page: 'help' });
    walk.help = 'somebody_else';
    walk.next();
    expect(walk.place.page).toBe('reader');
    walk.back();
    expect(walk.place.page).toBe('help');
    walk.back();
    expect(walk.place.page).toBe('check');
    walk.next();
    expect(walk.place.page).toBe('reader');
    await walk.send(null);
    expect(call).not.toHaveBeenCalled();
    walk.stop();
    expect(walk.place.page).toBe('back');
    walk.goOn();
    walk.back();
    walk.help = 'read_aloud';
    walk.next();
    expect(walk.place.page).toBe('check');
  });
  it('begins with the language, and shows the notice to whom it is due, in the form that they chose', async () => {
    const polish = { ...view.notices[0], language: 'pl', sha256: '01' } as HandOverView['notices'][number];
    const easy = { ...polish, notice: 'e', form: 'easy_read' as const, sha256: '02' };
    const wordings = [...view.wordings, ...view.wordings.map((wording) => ({ ...wording, language: 'pl', sha256: '03' }))];
    const deciders = [{ ...view.deciders[1], notice_due: true } as HandOverView['deciders'][number]];
    const languages = [...view.languages, { language: 'pl', dir: 'ltr' as const }];
    const walk = new Walk({ ...view, deciders, languages, wordings, notices: [...view.notices, polish, easy] });
    expect(walk.place.page).toBe('language');
    walk.setLanguage('pl');
    const seen: string[] = [];
    for (let steps = 0; walk.place.page !== 'question' && steps < 9; steps += 1) {
      seen.push(walk.place.page);
      walk.next();
    }
    expect(seen).toEqual(['language', 'start', 'notice']);
    walk.form = 'easy_read';
    toTheEnd(walk);
    call.mockResolvedValue({ decisions: ['d'], reference: 'AB-12' });
    await walk.send(null);
    expect(call.mock.calls[0]?.[1]).toMatchObject({
      language: 'pl', notice: { notice: 'e', version: 1, language: 'pl', sha256: '02' }, answers: [{ sha256: '03', attribution: null }],
    });
  });
  it('loses nothing on the way back, nor by stopping and going on', () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['mum', 'leo'] });
    const walk = new Walk(view);
    toTheEnd(walk);
    const { answers } = walk;
    for (let steps = 0; walk.canGoBack && steps < 20; steps += 1) walk.back();
    expect(walk.place.page).toBe('start');
    expect(walk.answers).toBe(answers);
    expect(walk.signed).toBe(true);
    walk.stop();
    expect(walk.place.page).toBe('back');
    expect(walk.canGoOn).toBe(true);
    walk.goOn();
    expect(walk.place.page).toBe('start');
    expect(walk.strokes).toBe(line);
  });
  it('goes from a change back to the check', () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['mum', 'leo'] });
    const walk = new Walk(view);
    toTheEnd(walk);
    walk.back();
    walk.change({ page: 'question', key: 'leo/w' });
    walk.next();
    expect(walk.place.page).toBe('check');
    expect(walk.checking).toBe(false);
  });
  it('sends once, and then holds neither answers nor signature', async () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    const walk = new Walk(view);
    toTheEnd(walk);
    call.mockResolvedValue({ decisions: ['d'], reference: 'AB-12' });
    await Promise.all([walk.send('u1'), walk.send('u1')]);
    expect(call).toHaveBeenCalledTimes(1);
    expect(call.mock.calls[0]?.[1]).toMatchObject({ decider: 'mum', typed_name: null, witness: null, help: 'none', language: 'en' });
    expect([walk.reference, walk.place.page, walk.answers, walk.strokes]).toEqual(['AB-12', 'thanks', {}, []]);
  });
  it('names the witness of a typed name', async () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    const walk = new Walk(view);
    toTheEnd(walk);
    walk.typing = true;
    walk.typedName = ' Mum ';
    call.mockResolvedValue({ decisions: ['d'], reference: 'AB-12' });
    await walk.send('u1');
    expect(call.mock.calls[0]?.[1]).toMatchObject({ signature: [], typed_name: 'Mum', witness: 'u1' });
  });
  it('keeps everything when it is refused, and says when a new start is needed', async () => {
    handed.keep({ family: 'f', decider: 'mum', about: ['leo'] });
    const walk = new Walk(view);
    toTheEnd(walk);
    call.mockRejectedValue(new Refusal('storage_full'));
    expect((await walk.send(null)).restart).toBeNull();
    expect(walk.place.page).toBe('sign');
    expect(walk.signed).toBe(true);
    call.mockRejectedValue(new Refusal('wording_outdated'));
    expect((await walk.send(null)).restart).toBe('wording');
  });
});

describe('a young person’s way', () => {
  const [wording] = view.wordings;
  const more = (purpose: 'news_and_events' | 'development_record', children: boolean) =>
    ({ ...wording, wording: purpose, purpose, for_oneself: !children, for_children: children }) as HandOverView['wordings'][number];
  const young: HandOverView = {
    ...view,
    deciders: [...view.deciders, { person: 'nele', name: 'Nele', notice_due: false, may_decide_for: [{ person: 'nele', authority: 'a9' }] }],
    subjects: [...view.subjects, { person: 'nele', name: 'Nele', kind: 'child' }],
    wordings: [...view.wordings, more('news_and_events', false), more('development_record', true)],
  };

  it('is about themself only, and about nothing that is for grown-ups', async () => {
    handed.keep({ family: 'f', decider: 'nele', about: ['nele'] });
    const walk = new Walk(young);
    expect([walk.name, walk.recalls, walk.place.page]).toEqual(['Nele', true, 'start']);
    expect(walk.questions.map(({ key, about, authority }) => [key, about, authority])).toEqual([
      ['nele/w', 'self', 'a9'], ['nele/development_record', 'self', 'a9'],
    ]);
    // There are no other children for whom the same could be said.
    expect(walk.questions.flatMap((question) => othersLike(walk.questions, question))).toEqual([]);
    toTheEnd(walk);
    call.mockResolvedValue({ decisions: ['d'], reference: 'AB-12' });
    await walk.send(null);
    expect(call.mock.calls[0]?.[1]).toMatchObject({ decider: 'nele', answers: [{ subject: 'nele', authority: 'a9' }, { subject: 'nele', authority: 'a9' }] });
  });
  it('is open to nobody else, nor to them about anybody else', () => {
    const walk = new Walk(young);
    walk.decide('mum');
    expect(walk.questions.map(({ key }) => key)).toEqual(['mum/w', 'mum/news_and_events', 'leo/w', 'leo/development_record']);
    handed.keep({ family: 'f', decider: 'nele', about: ['nele', 'leo'] });
    expect(new Set(new Walk(young).questions.map(({ subject }) => subject.person))).toEqual(new Set(['nele']));
  });
  it('leaves out a parent under sixteen of whom nobody judged that they understand, but not their child', () => {
    const deciders = [{ person: 'mum', name: 'Mum', notice_due: false, may_decide_for: [{ person: 'leo', authority: 'a1' }] }];
    expect(new Walk({ ...view, deciders }).questions.map(({ key }) => key)).toEqual(['leo/w']);
  });
});

describe('keys while the tablet is with a family', () => {
  const key = (name: string, more: { ctrlKey?: boolean; altKey?: boolean } = {}) =>
    reserved({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });
  it('do nothing where they would leave, print or reload', () => {
    expect([key('F5'), key('k', { ctrlKey: true }), key('P', { ctrlKey: true }), key('ArrowLeft', { altKey: true }), key('BrowserBack')]).toEqual([
      true, true, true, true, true,
    ]);
  });
  it('still write, move, copy and enlarge', () => {
    expect([key('a'), key('Tab'), key('Enter'), key('c', { ctrlKey: true }), key('+', { ctrlKey: true }), key('é', { altKey: true })]).toEqual([
      false, false, false, false, false, false,
    ]);
  });
});
