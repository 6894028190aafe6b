import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { idleLimit, watchIdle } from './idle';

const heard = new Map<string, () => void>();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', {
    addEventListener: (sign: string, hear: () => void) => heard.set(sign, hear),
    removeEventListener: (sign: string) => heard.delete(sign),
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a desk that nobody touches is left once', () => {
  const left = vi.fn();
  watchIdle(left, 60_000);
  vi.advanceTimersByTime(59_000);
  expect(left).not.toHaveBeenCalled();
  vi.advanceTimersByTime(300_000);
  expect(left).toHaveBeenCalledTimes(1);
});

test('a device that is set to one minute locks after one', () => {
  const left = vi.fn();
  watchIdle(left, idleLimit(1));
  vi.advanceTimersByTime(55_000);
  expect(left).not.toHaveBeenCalled();
  vi.advanceTimersByTime(10_000);
  expect(left).toHaveBeenCalledTimes(1);
  expect(idleLimit(5)).toBe(300_000);
});

test('a key or a touch puts it off', () => {
  const left = vi.fn();
  watchIdle(left, 60_000);
  vi.advanceTimersByTime(50_000);
  heard.get('keydown')?.();
  vi.advanceTimersByTime(50_000);
  expect(left).not.toHaveBeenCalled();
});

test('stopping the watch stops it', () => {
  const left = vi.fn();
  watchIdle(left, 60_000)();
  vi.advanceTimersByTime(300_000);
  expect(left).not.toHaveBeenCalled();
  expect(heard.size).toBe(0);
});
