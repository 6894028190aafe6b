// Parts of a picture, in ten-thousandths of its sides, as the core takes them.
import type { Area } from '../../api';

export const whole = 10_000;
/** Smaller than this a part can no longer be seen, or taken hold of. */
export const smallest = 500;
/** How far an arrow key goes. */
export const step = 100;

const between = (value: number, least: number, most: number): number => Math.round(Math.min(Math.max(value, least), most));

/** A part that was dragged; it stays inside. */
export function moved(area: Area, right: number, down: number): Area {
  return { ...area, left: between(area.left + right, 0, whole - area.width), top: between(area.top + down, 0, whole - area.height) };
}

/** A part that was made larger or smaller at its lower right corner. */
export function resized(area: Area, right: number, down: number): Area {
  return {
    ...area,
    width: between(area.width + right, Math.min(smallest, whole - area.left), whole - area.left),
    height: between(area.height + down, Math.min(smallest, whole - area.top), whole - area.top),
  };
}

/** What an arrow key does to a part, with Shift to its size; null for any other key. */
export function byKey(area: Area, key: string, shift: boolean): Area | null {
  const directions: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  const direction = directions[key];
  if (!direction) return null;
  return (shift ? resized : moved)(area, ...direction);
}

/** A part whose middle somebody tapped. */
export function centred(area: Area, x: number, y: number): Area {
  return moved(area, x - area.left - area.width / 2, y - area.top - area.height / 2);
}

/** A part that was made larger or smaller around its middle. */
export function scaled(area: Area, by: number): Area {
  const sized = resized(area, area.width * (by - 1), area.height * (by - 1));
  return centred(sized, area.left + area.width / 2, area.top + area.height / 2);
}

/** Where a part begins: a cover about as large as a face, each beside the one before it. */
export function firstCover(covers: number): Area {
  return moved({ left: 4_250, top: 3_500, width: 1_500, height: 2_000 }, (covers % 3) * 1_700, 0);
}

/** The part that is kept, until somebody moves it: all but a margin. */
export const firstKept: Area = { left: 1_000, top: 1_000, width: 8_000, height: 8_000 };
