import { describe, expect, it } from 'vitest';
import { byKey, centred, firstCover, firstKept, moved, resized, scaled, smallest, step, whole } from './areas';

const area = { left: 1_000, top: 2_000, width: 3_000, height: 4_000 };

describe('a part of a picture', () => {
  it('stays inside, however far it is dragged', () => {
    expect(moved(area, 250.4, -500)).toEqual({ ...area, left: 1_250, top: 1_500 });
    expect(moved(area, whole, whole)).toEqual({ ...area, left: 7_000, top: 6_000 });
    expect(moved(area, -whole, -whole)).toEqual({ ...area, left: 0, top: 0 });
  });
  it('is never larger than the picture, nor too small to take hold of', () => {
    expect(resized(area, whole, whole)).toEqual({ ...area, width: 9_000, height: 8_000 });
    expect(resized(area, -whole, -whole)).toEqual({ ...area, width: smallest, height: smallest });
    const atTheEdge = { left: whole - 100, top: whole - 100, width: 100, height: 100 };
    expect(resized(atTheEdge, -50, -50)).toEqual(atTheEdge);
  });
  it('is moved by the arrow keys and sized with Shift', () => {
    expect(byKey(area, 'ArrowRight', false)).toEqual({ ...area, left: 1_000 + step });
    expect(byKey(area, 'ArrowUp', true)).toEqual({ ...area, height: 4_000 - step });
    expect(byKey(area, 'Enter', false)).toBeNull();
  });
  it('goes where somebody taps, and grows around its middle', () => {
    expect(centred(area, 5_000, 5_000)).toEqual({ ...area, left: 3_500, top: 3_000 });
    expect(centred(area, 0, whole)).toEqual({ ...area, left: 0, top: 6_000 });
    expect(scaled(area, 1.2)).toEqual({ left: 700, top: 1_600, width: 3_600, height: 4_800 });
    expect(scaled({ ...area, width: smallest, height: smallest }, 0.8)).toEqual({ ...area, width: smallest, height: smallest });
  });
  it('begins inside', () => {
    for (const begun of [firstKept, ...[0, 1, 2, 3, 4].map(firstCover)]) {
      expect(begun.left + begun.width).toBeLessThanOrEqual(whole);
      expect(begun.top + begun.height).toBeLessThanOrEqual(whole);
      expect(moved(begun, 0, 0)).toEqual(begun);
    }
  });
});
