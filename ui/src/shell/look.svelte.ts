/** How this computer shows things. Nothing personal: it is kept for the device, not for a person. */
export type Density = 'desk' | 'hall';
export type Scheme = 'system' | 'light' | 'dark';
export type TextSize = '100' | '125' | '150' | '200';

const densities: readonly Density[] = ['desk', 'hall'];
const schemes: readonly Scheme[] = ['system', 'light', 'dark'];
const sizes: readonly TextSize[] = ['100', '125', '150', '200'];

function kept<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(`look-${key}`);
  return allowed.find((each) => each === value) ?? otherwise;
}

class Look {
  density: Density = $state('desk');
  scheme: Scheme = $state('system');
  text: TextSize = $state('100');

  start(): void {
    const touch = window.matchMedia('(pointer: coarse)').matches;
    this.density = kept('density', densities, touch ? 'hall' : 'desk');
    this.scheme = kept('scheme', schemes, 'system');
    this.text = kept('text', sizes, '100');
    this.apply();
  }

  apply(): void {
    const { dataset } = document.documentElement;
    dataset['density'] = this.density;
    dataset['scheme'] = this.scheme;
    dataset['text'] = this.text;
  }

  keep(): void {
    localStorage.setItem('look-density', this.density);
    localStorage.setItem('look-scheme', this.scheme);
    localStorage.setItem('look-text', this.text);
    this.apply();
  }
}

export const look = new Look();
