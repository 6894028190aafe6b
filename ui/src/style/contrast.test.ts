import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(([, name = '', light = '', dark = '']) => [name, [light, dark] as const]),
);

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string, scheme: 0 | 1): number {
  const [a, b] = [one, other].map((name) => luminance(tokens.get(name)?.[scheme] ?? '')).sort((x, y) => y - x);
  return ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05);
}

const surfaces = ['surface', 'surface-raised', 'surface-sunk', 'surface-hover', 'surface-chosen'];
const text: [string, string][] = [
  ...surfaces.flatMap((surface): [string, string][] => [['text', surface], ['text-quiet', surface], ['accent', surface], ['stop', surface]]),
  ['accent', 'accent-soft'], ['good', 'good-soft'], ['caution', 'caution-soft'], ['stop', 'stop-soft'],
  ['text', 'good-soft'], ['text', 'caution-soft'], ['text', 'stop-soft'], ['accent', 'caution-soft'],
  ['on-accent', 'accent'], ['on-accent', 'accent-strong'], ['on-stop', 'stop'], ['on-band', 'band'], ['on-band-quiet', 'band'],
];
const lines: [string, string][] = [
  ['line-strong', 'surface'], ['line-strong', 'surface-raised'], ['line-strong', 'surface-hover'],
  ['accent', 'surface'], ['good', 'surface-raised'], ['caution', 'surface-raised'],
  ['focus', 'surface'], ['focus', 'surface-raised'], ['lamp', 'band'], ['band-line', 'band'],
];

test.each([['light', 0], ['dark', 1]] as const)('text reads and lines show, %s', (_, scheme) => {
  const weak = [
    ...text.filter(([ink, ground]) => !(contrast(ink, ground, scheme) >= 4.5)),
    ...lines.filter(([ink, ground]) => !(contrast(ink, ground, scheme) >= 3)),
  ].map(([ink, ground]) => `${ink} on ${ground}: ${contrast(ink, ground, scheme).toFixed(2)}`);
  expect(weak).toEqual([]);
});
