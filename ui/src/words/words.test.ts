import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
// @ts-expect-error A script, not a module with types.
import { render } from '../../scripts/words.mjs';
import { FluentResource } from '@fluent/bundle';
import { say, says, spoken, t } from './index';

test('the keys are those of the Fluent files', () => {
  const kept = readFileSync(new URL('./keys.ts', import.meta.url), 'utf8');
  expect(kept, 'run `npm run words`').toBe(render());
});

test('a message takes its arguments and its plural', () => {
  expect(t('sync-unsent', { count: 1 })).toBe('1 change only here');
  expect(t('sync-unsent', { count: 3 })).toBe('3 changes only here');
  expect(t('desk-counts', { adults: 1, children: 2, babies: 0 })).toBe('1 adult, 2 children, 0 babies');
});

test('a code is said in its own words, or in those of its family', () => {
  expect(say('refusal', 'no_keyring')).toContain('keyring');
  expect(say('refusal', 'a_code_of_tomorrow')).toBe(t('refusal-other'));
  expect(say('mark', 'no_photos')).toBe('No pictures');
  expect(says('problem', 'invalid_date')).toBe(true);
});

test('a parent is spoken to in their language, and staff in English', () => {
  spoken.language = 'uk';
  expect([t('parent-stop'), t('desk-counts', { adults: 1, children: 0, babies: 0 })]).toEqual(['Зупинити', '1 adult, 0 children, 0 babies']);
  spoken.language = 'en';
  expect(t('parent-stop')).toBe('Stop');
});

/** Each message with the arguments that it takes. */
function messages(text: string): Map<string, string> {
  const pattern = (value: unknown): string[] => [...JSON.stringify(value).matchAll(/"type":"var","name":"(\w+)"/g)].map(([, name]) => name ?? '').sort();
  return new Map(new FluentResource(text).body.map(({ id, value }) => [id, pattern(value).join()]));
}
const english = messages(Object.values(import.meta.glob<string>('./en/*.ftl', { query: '?raw', import: 'default', eager: true })).join('\n'));
const parents = Object.entries(import.meta.glob<string>(['./*/parent.ftl'], { query: '?raw', import: 'default', eager: true }));

test('a parent finds every word of the pages in each language', () => {
  expect(parents.map(([path]) => path.split('/')[1]).sort()).toEqual(['ar', 'pl', 'ro', 'uk', 'ur']);
  // For staff, and before a language is chosen.
  const english_only = /^parent-(back-(blocked|open|other|password|staff|staff-title)|failed-.*|sign-witness)$/;
  const needed = [...english.keys()].filter((key) => /^(parent|ask)-/.test(key) && !english_only.test(key));
  for (const [path, text] of parents) {
    const said = messages(text);
    expect(needed.filter((key) => !said.has(key)), path).toEqual([]);
    expect([...said].filter(([key, takes]) => english.get(key) !== takes), path).toEqual([]);
  }
});

const codes = readFileSync(new URL('../api/generated.ts', import.meta.url), 'utf8').match(/export type Code =([^;]+);/)?.[1]?.match(/"(\w+)"/g) ?? [];

test('each code of the core has words of its own', () => {
  expect(codes.length).toBeGreaterThan(40);
  // These reach the person at a field, or only wrap what does.
  const atFields = /^(required|invalid.*|date_.*|too_long|notice_not_shown|no_adult)$/;
  const silent = codes.map((code) => code.slice(1, -1)).filter((code) => !says(atFields.test(code) ? 'problem' : 'refusal', code));
  expect(silent.filter((code) => code !== 'invalid')).toEqual([]);
});

/** Every source that may say something, as one text. */
const sources = Object.values(
  import.meta.glob<string>(['../**/*.svelte', '../**/*.ts', '!./keys.ts', '!../**/*.test.ts'], { query: '?raw', import: 'default', eager: true }),
).join('\n');

test('no message is left that nothing says', () => {
  const families = [...sources.matchAll(/\bsays?\(\s*'([\w-]+)'/g)].map(([, family]) => `${family ?? ''}-`);
  const keys = [...readFileSync(new URL('./keys.ts', import.meta.url), 'utf8').matchAll(/^ {2}'([\w-]+)':/gm)].map(([, key]) => key ?? '');
  expect(keys.filter((key) => !sources.includes(`'${key}'`) && !families.some((family) => key.startsWith(family)))).toEqual([]);
});
