import { call, type Density, type Scheme, type TextSize } from '../api';

/** How this computer shows things. Nothing personal: the core keeps it for the device, not for a person. */
class Look {
  density: Density = $state('desk');
  scheme: Scheme = $state('system');
  text: TextSize = $state('100');

  start(): void {
    if (window.matchMedia('(pointer: coarse)').matches) this.density = 'hall';
    this.apply();
    void this.#read();
  }

  apply(): void {
    const { dataset } = document.documentElement;
    dataset['density'] = this.density;
    dataset['scheme'] = this.scheme;
    dataset['text'] = this.text;
  }

  /** Shown at once, kept as well as may be: a look that could not be kept is no reason to stop anybody. */
  keep(): void {
    this.apply();
    const { density, scheme, text } = this;
    call('set_look', { density, scheme, text }).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const kept = await call('look', {}).catch(() => null);
    this.density = kept?.density ?? this.density;
    this.scheme = kept?.scheme ?? this.scheme;
    this.text = kept?.text ?? this.text;
    this.apply();
  }
}

export const look = new Look();
