import { call } from '../api';
import { beforeLeaving } from './leaving';

const pause = 400;

/**
 * What is typed, kept in the encrypted store as it is typed: 400 ms after the last key, when a field is
 * left, and before the screen locks. Never used for quotes, pictures, signatures or concerns.
 */
export class Draft<Form> {
  #name: string;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: string | null = null;
  #kept: string | null = null;
  #done = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** What was typed before, or null. A draft in a shape of another version is let go. */
  async restore(read: (value: unknown) => Form | null): Promise<Form | null> {
    try {
      const { body } = await call('draft', { form: this.#name });
      if (body === null) return null;
      this.#kept = body;
      return read(JSON.parse(body));
    } catch {
      return null;
    }
  }

  /** Follows a form; the answer stops. */
  start(): () => void {
    const stop = beforeLeaving(() => this.flush());
    return () => {
      stop();
      void this.flush();
    };
  }

  typed(form: Form): void {
    const body = JSON.stringify(form);
    if (this.#done || body === (this.#waiting ?? this.#kept)) return;
    this.#waiting = body;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), pause);
  }

  /** What the form holds untouched is no draft. */
  untouched(form: Form): void {
    this.#kept ??= JSON.stringify(form);
  }

  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    const body = this.#waiting;
    if (body === null || this.#done) return;
    this.#waiting = null;
    try {
      await call('save_draft', { form: this.#name, body });
      this.#kept = body;
    } catch {
      // The form itself still holds it; the next key tries again.
      this.#waiting ??= body;
    }
  }

  async discard(): Promise<void> {
    this.#done = true;
    clearTimeout(this.#timer);
    this.#waiting = null;
    await call('discard_draft', { form: this.#name }).catch(() => {});
  }
}
