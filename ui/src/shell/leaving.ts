import { readRefusal } from '../api';
import { toasts } from '../parts';
import { sayRefusal } from './problems';
import { status } from './status.svelte';

/** Work to finish while the keys are still here: a draft whose last letters are not yet kept. */
const before = new Set<() => Promise<void>>();

/** Runs something before the screen is locked or the login is closed; the answer takes it back. */
export function beforeLeaving(work: () => Promise<void>): () => void {
  before.add(work);
  return () => void before.delete(work);
}

/** Locks the screen, or logs out. */
export async function leave(how: 'lock' | 'close'): Promise<void> {
  toasts.clear();
  // A draft that cannot be kept must not hold the lock open.
  await Promise.allSettled([...before].map((work) => work()));
  try {
    await status.run(how, {});
  } catch (reason) {
    toasts.show(sayRefusal(readRefusal(reason)), { tone: 'stop' });
  }
}
