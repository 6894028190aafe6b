import { readRefusal, type Refusal } from '../api';

/**
 * What a screen shows from the core, read again when something it names changes. While it is read again
 * the old answer stays on the screen, so nothing jumps.
 */
export class Reading<View> {
  view: View | null = $state.raw(null);
  refusal: Refusal | null = $state.raw(null);
  #ask: () => Promise<View>;
  #number = 0;

  constructor(ask: () => Promise<View>) {
    this.#ask = ask;
  }

  /** Takes what was read off the screen; an answer still on its way is not shown either. */
  forget(): void {
    this.#number += 1;
    this.view = null;
    this.refusal = null;
  }

  async read(): Promise<void> {
    const number = ++this.#number;
    try {
      const view = await this.#ask();
      if (number !== this.#number) return;
      this.view = view;
      this.refusal = null;
    } catch (reason) {
      const refusal = readRefusal(reason);
      // Behind the lock the page stays as it was.
      if (number === this.#number && refusal.code !== 'locked') this.refusal = refusal;
    }
  }
}
