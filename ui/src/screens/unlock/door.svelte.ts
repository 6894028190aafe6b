import { readRefusal, type StatusView } from '../../api';
import { status } from '../../shell/status.svelte';

/** The way back in from the lock: the PIN first where there is one, the password one key away. */
export class Door {
  #view: () => StatusView;
  #hadPin: boolean;
  #wantsPassword = $state(false);

  constructor(view: () => StatusView) {
    this.#view = view;
    this.#hadPin = view().pin;
  }

  get byPin(): boolean {
    return this.#view().pin && !this.#wantsPassword;
  }

  /** Wrong tries took the PIN while this door was shut. */
  get pinGone(): boolean {
    return this.#hadPin && !this.#view().pin;
  }

  /** PIN or password; where there is no PIN the password stays. */
  turn(): void {
    this.#wantsPassword = this.byPin;
  }

  async open(secret: string): Promise<void> {
    try {
      if (this.byPin) await status.run('unlock_with_pin', { pin: secret });
      else await status.run('unlock', { password: secret });
    } catch (reason) {
      // The PIN is gone, or the desk was left too long and is closed: another page has to be shown.
      if (['pin_gone', 'closed'].includes(readRefusal(reason).code)) await status.read();
      throw reason;
    }
  }
}
