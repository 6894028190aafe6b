import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const call = vi.hoisted(() => vi.fn());
vi.mock('../api', () => ({ call }));
const { Settling } = await import('./settling');
const told = (): string[] => call.mock.calls.map(([, request]) => request.text);

beforeEach(() => {
  vi.useFakeTimers();
  call.mockReset().mockResolvedValue({});
});
afterEach(() => vi.useRealTimers());

test('only what stood on the screen for a moment is told, and only once', async () => {
  const settling = new Settling();
  for (const words of ['e', 'ew', 'ewa']) {
    settling.soon(words);
    await vi.advanceTimersByTimeAsync(300);
  }
  expect(call).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_500);
  settling.now('ewa');
  expect(told()).toEqual(['ewa']);
  expect(call.mock.calls[0]).toMatchObject(['search', { settled: true }]);
});

test('what is acted on is told at once', async () => {
  const settling = new Settling();
  settling.soon('ewa');
  settling.now('ewa');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told()).toEqual(['ewa']);
});

test('what went again at once is not told, and a new search is', async () => {
  const settling = new Settling();
  settling.soon('ewa');
  settling.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(told()).toEqual([]);
  settling.now('ewa');
  settling.forget();
  settling.now('ewa');
  expect(told()).toEqual(['ewa', 'ewa']);
});
