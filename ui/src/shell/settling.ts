import { call } from '../api';

const pause = 1_500;

/**
 * What somebody looked for, and looked at or acted on, is told to the record of use: once, not at each
 * key.
 */
export class Settling {
  #told = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The answer to these words is on the screen: told once it stood there for a moment. */
  soon(words: string): void {
    this.stop();
    this.#timer = setTimeout(() => this.now(words), pause);
  }

  /** Somebody acted on the answer to these words. */
  now(words: string): void {
    this.stop();
    if (words === '' || words === this.#told) return;
    this.#told = words;
    void call('search', { text: words, limit: 1, settled: true }).catch(() => {});
  }

  /** The answer is on the screen no longer. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  /** A new search: the same words again are told again. */
  forget(): void {
    this.stop();
    this.#told = '';
  }
}
