import { expect, test } from 'vitest';
import type { Attribution, PhotoView, PublicationView, Refusal } from '../../api';
import { readDay } from './day';
import { commonChannels, commonNames, formIn, inOwnWords, mayBeSaved, needsFiles, placeHint, sayName, sayNotSaved, sayTakedowns, standing } from './using';

const photo = (...channels: string[]) => ({ photo: 'p', state: 'here', channels }) as unknown as PhotoView;
const use = (more: Partial<PublicationView> = {}) =>
  ({ photo: photo('council_website'), channel: 'council_website', attribution: null, live_from: '2026-11-30', due: null, takedown: null, ...more }) as PublicationView;
const takedown = { outcome: 'removed', proof: '', ended_on: '2026-12-01', recorded_by: '' } as const;

test('several pictures may be used for what each of them may', () => {
  expect(commonChannels([])).toEqual([]);
  expect(commonChannels([photo('print', 'press')])).toEqual(['print', 'press']);
  expect(commonChannels([photo('print', 'press', 'partner:home-start'), photo('partner:home-start', 'print')])).toEqual(['print', 'partner:home-start']);
  expect(commonChannels([photo('print'), photo('press')])).toEqual([]);
  expect(commonChannels([photo('print'), photo()])).toEqual([]);
});

const quote = (...names: Attribution[]) =>
  ({ form: 'words', quote: { words: '', translated_from: null, names: names.map((attribution) => ({ attribution, name: attribution === 'anonymous' ? null : `Testa ${attribution}` })) } }) as unknown as PhotoView;

test('under several quotes stands what each of them permits, the fullest first', () => {
  expect(commonNames([])).toEqual([]);
  expect(commonNames([quote('full_name', 'first_name', 'anonymous')])).toEqual(['full_name', 'first_name', 'anonymous']);
  expect(commonNames([quote('full_name', 'first_name', 'anonymous'), quote('first_name', 'anonymous')])).toEqual(['first_name', 'anonymous']);
  expect(commonNames([quote('first_name', 'anonymous'), quote('anonymous'), quote('full_name', 'first_name', 'anonymous')])).toEqual(['anonymous']);
  expect(commonNames([quote('first_name', 'anonymous'), { quote: null }])).toEqual([]);
});

test('a name is the very name where it is known', () => {
  const one = quote('first_name', 'anonymous');
  expect(sayName('first_name', one)).toBe('Testa first_name');
  expect(sayName('anonymous', one)).toBe('No name');
  expect(sayName('full_name', one)).toBe('Full name');
  expect(sayName('first_name', { quote: null })).toBe('First name only');
  expect(sayName('first_name', null)).toBe('First name only');
});

test('a use is of words where the quote or the name under it tells so', () => {
  expect(formIn({ photo: quote('anonymous'), attribution: 'anonymous' })).toBe('words');
  expect(formIn({ photo: { ...quote(), form: 'picture' }, attribution: null })).toBe('picture');
  expect(formIn({ photo: null, attribution: 'anonymous' })).toBe('words');
  expect(formIn({ photo: null, attribution: null })).toBeNull();
});

test('a child’s own record is no place to publish in', () => {
  expect(commonChannels([photo('own_record', 'print'), photo('own_record', 'print')])).toEqual(['print']);
});

test('each place is asked for in its own words, and never with a name', () => {
  const channels = ['centre_display', 'council_website', 'social_media:facebook', 'print', 'press', 'partner:home-start'];
  const hints = channels.map(placeHint);
  expect(new Set(hints).size).toBe(channels.length);
  for (const hint of [...hints, placeHint(null), placeHint('sky_writing')]) expect(hint).toContain('Do not write anybody’s name here.');
  expect(hints[1]).toBe('The address of the page. Do not write anybody’s name here.');
  expect(placeHint('sky_writing')).toContain('Say it so that others find it.');
});

test('only for a wall no files are needed', () => {
  expect(['centre_display', 'council_website', null].map(needsFiles)).toEqual([false, true, true]);
});

test('a use is louder the nearer its day is', () => {
  const by = (day: string, overdue = false) => standing(use({ due: { by: day, overdue } }), '2026-12-04');
  expect(by('2026-12-07')).toMatchObject({ tone: 'caution', overdue: false, text: 'Take it down by Monday 7 December' });
  expect(by('2026-12-04')).toMatchObject({ tone: 'caution', overdue: false, text: 'Take it down today' });
  expect(by('2026-12-03', true)).toMatchObject({ tone: 'stop', overdue: true, text: 'Overdue since Thursday 3 December' });
});

test('what may stay, is not there yet, or has ended, says so', () => {
  expect(standing(use(), '2026-11-30').text).toBe('In use');
  expect(standing(use({ live_from: '2026-12-01' }), '2026-11-30').text).toBe('Not there yet');
  expect(standing(use({ takedown }), '2026-12-01').text).toBe('Ended');
});

test('files are saved again only of what may be there', () => {
  expect(mayBeSaved(use())).toBe(true);
  expect(mayBeSaved(use({ due: { by: '2026-11-27', overdue: true } }))).toBe(false);
  expect(mayBeSaved(use({ takedown }))).toBe(false);
  expect(mayBeSaved(use({ photo: null }))).toBe(false);
  expect(mayBeSaved(use({ photo: photo('print') }))).toBe(false);
  expect(mayBeSaved(use({ photo: { ...photo('council_website'), state: 'on_its_way' } }))).toBe(false);
});

test('the desk is told by when, and what cannot wait', () => {
  expect(sayTakedowns({ due: 1, overdue: 0, by: '2026-12-04' })).toBe('It has to be gone by Friday 4 December.');
  expect(sayTakedowns({ due: 3, overdue: 0, by: '2026-12-04' })).toBe('The first has to be gone by Friday 4 December.');
  expect(sayTakedowns({ due: 3, overdue: 2, by: '2026-12-04' })).toBe('2 are overdue, the first since Friday 4 December.');
});

test('a refusal is said in the form’s words where it has some', () => {
  const own = { 'ended_on.date_too_early': 'Too soon' };
  expect(inOwnWords([{ field: 'ended_on', code: 'date_too_early' }, { field: 'place', code: 'too_long' }], own)).toEqual([
    { field: 'ended_on', text: 'Too soon' }, { field: 'place', text: 'This is too long' },
  ]);
});

test('files that are not saved cannot be printed instead', () => {
  expect(sayNotSaved({ code: 'cannot_save' } as Refusal)).not.toMatch(/print/);
  expect(sayNotSaved({ code: 'no_consent' } as Refusal)).toBe('Nobody has given permission for this.');
});

test('a day is read as people type it', () => {
  for (const typed of ['3/4/26', '3.4.2026', '3-4-26', '3 apr 26', '3rd April 2026', '3rd of April 2026', '3apr26', '030426', '03042026', '2026-04-03', ' 3 Apr 2026 ']) {
    expect(readDay(typed, '2026-11-30'), typed).toBe('2026-04-03');
  }
  expect(readDay('1/2/27', '2026-11-30')).toBe('2027-02-01');
  expect(readDay('1/2/28', '2026-11-30')).toBe('1928-02-01');
  expect([readDay('1/2/46', '2026-11-30', 20), readDay('1/2/47', '2026-11-30', 20)]).toEqual(['2046-02-01', '1947-02-01']);
  for (const typed of ['', 'tomorrow', '31/2/26', '0/1/26', '3/13/26', '3/4', '3/4/026', '3 mon 26', '3/4/26/1']) expect(readDay(typed, '2026-11-30'), typed).toBeNull();
});
