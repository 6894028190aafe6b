import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const call = vi.hoisted(() => vi.fn());
vi.mock('../api', () => ({ call, on: () => () => {}, readRefusal: (reason: unknown) => reason }));
const { Draft } = await import('./draft.svelte');

beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset().mockResolvedValue({});
});
afterEach(() => vi.useRealTimers());

test('what is typed is kept once, a moment after the last key', async () => {
  const draft = new Draft<string>('form');
  for (const typed of ['E', 'Ew', 'Ewa']) {
    draft.typed(typed);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(call).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(400);
  expect(call.mock.calls).toEqual([['save_draft', { form: 'form', body: '"Ewa"' }]]);
});

test('leaving a field keeps it at once', async () => {
  const draft = new Draft<string>('form');
  draft.typed('Ewa');
  await draft.flush();
  expect(call).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(call).toHaveBeenCalledTimes(1);
});

test('a form as it was found is no draft', async () => {
  const draft = new Draft<string>('form');
  draft.untouched('');
  draft.typed('');
  await vi.advanceTimersByTimeAsync(1000);
  expect(call).not.toHaveBeenCalled();
});

test('what could not be kept is tried again', async () => {
  const draft = new Draft<string>('form');
  call.mockRejectedValueOnce(new Error('locked'));
  draft.typed('Ewa');
  await draft.flush();
  await draft.flush();
  expect(call).toHaveBeenCalledTimes(2);
});

test('nothing is kept after it was thrown away', async () => {
  const draft = new Draft<string>('form');
  draft.typed('Ewa');
  await draft.discard();
  draft.typed('Ewan');
  await vi.advanceTimersByTimeAsync(1000);
  expect(call.mock.calls.map(([name]) => name)).toEqual(['discard_draft']);
});

test('a draft comes back, unless it cannot be read', async () => {
  call.mockResolvedValueOnce({ body: '"Ewa"', saved_at: null });
  expect(await new Draft<string>('form').restore((value) => value as string)).toBe('Ewa');
  call.mockResolvedValueOnce({ body: 'not json', saved_at: null });
  expect(await new Draft<string>('form').restore((value) => value as string)).toBeNull();
});
