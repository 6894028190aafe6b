import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
// @ts-expect-error A script, not a module with types.
import { render } from '../../scripts/words.mjs';
import { say, says, t } from './index';

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
