import type { Stroke } from '../../api';

// What counts as a signature, and the form it is sent in.

/** A dot or two is a slip of the finger. */
export function isSignature(strokes: readonly Stroke[]): boolean {
  const points = strokes.flatMap((stroke) => stroke.points);
  if (points.length < 8) return false;
  const span = (values: number[]): number => Math.max(...values) - Math.min(...values);
  return span(points.map(({ x }) => x)) + span(points.map(({ y }) => y)) >= 24;
}

/** Times from the first touch, and positions to a tenth of a pixel: what a signature needs and no more. */
export function tidyStrokes(strokes: readonly Stroke[]): Stroke[] {
  const start = strokes[0]?.points[0]?.t ?? 0;
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return strokes.map((stroke) => ({
    points: stroke.points.map(({ x, y, t, pressure }) => ({
      x: tenth(x),
      y: tenth(y),
      t: Math.max(0, Math.round(t - start)),
      pressure: Math.min(1, Math.max(0, Math.round(pressure * 100) / 100)),
    })),
  }));
}
