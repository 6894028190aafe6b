/** How long nobody touches keyboard, pointer or screen before the desk locks itself, in milliseconds. */
export const idleLimit = (minutes: number): number => minutes * 60 * 1000;

const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const;

/**
 * Calls `left` once nobody has been there for a while; the answer stops the watch.
 *
 * Looks at the time rather than counting it: a computer that slept was left for as long as it slept.
 */
export function watchIdle(left: () => void, limit: number, now: () => number = Date.now): () => void {
  let seen = now();
  let told = false;
  const here = (): void => {
    seen = now();
    told = false;
  };
  const look = (): void => {
    if (told || now() - seen < limit) return;
    told = true;
    left();
  };
  for (const sign of signs) window.addEventListener(sign, here, { passive: true, capture: true });
  const timer = setInterval(look, Math.min(limit, 5_000));
  return () => {
    clearInterval(timer);
    for (const sign of signs) window.removeEventListener(sign, here, { capture: true });
  };
}
