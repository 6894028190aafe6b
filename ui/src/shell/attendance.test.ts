import { beforeEach, expect, test, vi } from 'vitest';
import { Refusal } from '../api';
import { toasts } from '../parts/toasts.svelte';

const call = vi.hoisted(() => vi.fn());
vi.mock('../api', async (original) => ({ ...(await original<typeof import('../api')>()), call }));
vi.mock('../parts', async () => ({ ...(await import('../parts/toasts.svelte')), ...(await import('../parts/format')) }));
const { signOut } = await import('./attendance');
const people = [{ id: 'a1', name: 'Ewa' }];

beforeEach(() => {
  call.mockReset();
  toasts.clear();
});

test('whoever is signed out is named, with a way back', async () => {
  call.mockResolvedValue({ undo: 'u', people: ['Ewa'] });
  expect(await signOut(people, null, () => {})).toBe(true);
  expect(call).toHaveBeenCalledWith('sign_out', { attendances: ['a1'], collected_by: null });
  expect(toasts.list).toMatchObject([{ text: 'Ewa signed out', tone: 'good' }]);
  toasts.clear();
});

test('a refusal is told where it was asked for, else for all to see', async () => {
  call.mockRejectedValue(new Refusal('already_signed_out'));
  const told = vi.fn();
  expect(await signOut(people, null, () => {}, told)).toBe(false);
  expect(told).toHaveBeenCalledWith('Already signed out.');
  expect(toasts.list).toEqual([]);
  expect(await signOut(people, null, () => {})).toBe(false);
  expect(toasts.list).toMatchObject([{ text: 'Already signed out.', tone: 'caution' }]);
  toasts.clear();
});
