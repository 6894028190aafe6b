import { afterEach, expect, test, vi } from 'vitest';
import { call, Refusal } from './index';
import { readRefusal } from './refusal';

afterEach(() => vi.unstubAllGlobals());

function answer(status: number, body: unknown): ReturnType<typeof vi.fn> {
  const fetch = vi.fn(async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));
  vi.stubGlobal('fetch', fetch);
  vi.stubGlobal('window', {});
  return fetch;
}

const refused = async (work: Promise<unknown>): Promise<Refusal> => {
  const reason: unknown = await work.then(() => null, (error: unknown) => error);
  expect(reason).toBeInstanceOf(Refusal);
  return reason as Refusal;
};

test('a command goes to its own address with its request', async () => {
  const fetch = answer(200, []);
  expect(await call('logins', {})).toEqual([]);
  expect(fetch).toHaveBeenCalledWith('/call/logins', expect.objectContaining({ method: 'POST', body: '{}' }));
});

test('a refusal keeps its field, problems and wait', async () => {
  answer(400, { code: 'slowed_down', field: 'password', problems: [{ field: 'a', code: 'required' }, 'no'], retry_after_s: 8 });
  const refusal = await refused(call('unlock', { password: '' }));
  expect(refusal.code).toBe('slowed_down');
  expect(refusal.field).toBe('password');
  expect(refusal.problems).toEqual([{ field: 'a', code: 'required' }]);
  expect(refusal.retryAfter).toBe(8);
});

test('a core that does not answer is unreachable', async () => {
  vi.stubGlobal('window', {});
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('no route')));
  expect((await refused(call('status', {}))).code).toBe('unreachable');
});

test('an answer that is no JSON is unreachable, never shown', async () => {
  answer(502, '<html>');
  expect((await refused(call('status', {}))).code).toBe('unreachable');
});

test('whatever else is thrown becomes a refusal', () => {
  for (const thrown of [null, undefined, 'text', {}, { code: '' }, new Error('x')]) expect(readRefusal(thrown).code).toBe('unreachable');
  const same = new Refusal('busy');
  expect(readRefusal(same)).toBe(same);
});
