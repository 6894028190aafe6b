import { expect, test } from 'vitest';
import type { SessionView } from '../../api';
import { currentFirst, phase } from './sessions';

const session = (id: string, starts_at: string, ends_at: string) => ({ id, starts_at, ends_at }) as unknown as SessionView;
const early = session('early', '2026-11-23T09:00:00.000Z', '2026-11-23T10:00:00.000Z');
const noon = session('noon', '2026-11-23T11:30:00.000Z', '2026-11-23T12:30:00.000Z');
const late = session('late', '2026-11-23T14:00:00.000Z', '2026-11-23T15:00:00.000Z');
const now = Date.parse('2026-11-23T12:00:00.000Z');

test('a session is to come, on or over', () => {
  expect([early, noon, late].map((each) => phase(each, now))).toEqual(['over', 'on', 'later']);
  expect(phase(noon, Date.parse(noon.ends_at))).toBe('on');
});

test('what is over stands last', () => {
  expect(currentFirst([early, noon, late], now).map(({ id }) => id)).toEqual(['noon', 'late', 'early']);
});
