import type { PhotoView } from '../../api';
import { isHere } from '../photos/shown';

/** Several pictures or quotes of a list are being chosen, to be used together. */
export class Choosing {
  on = $state(false);
  #ticked: Record<string, boolean> = $state({});

  /** Begins or ends; either way nothing is chosen then. */
  set(on: boolean): void {
    this.on = on;
    this.#ticked = {};
  }

  has({ photo }: PhotoView): boolean {
    return this.#ticked[photo] ?? false;
  }

  tick({ photo }: PhotoView, on: boolean): void {
    this.#ticked[photo] = on;
  }

  /** Those of the list that are ticked and may be shown still. */
  of(list: readonly PhotoView[]): PhotoView[] {
    return list.filter((photo) => isHere(photo) && this.has(photo));
  }
}
