/** A short word about what just happened, with the way back from it. */
export interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'caution' | 'stop';
  /** The button's words name what is undone. */
  undo?: { label: string; run: () => void };
}

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, options: { tone?: Toast['tone']; undo?: Toast['undo'] } = {}): number {
    const id = this.#next++;
    const toast: Toast = { id, text, tone: options.tone ?? 'good' };
    if (options.undo) toast.undo = options.undo;
    // Two at a time: an older one has had its moment.
    this.list = [...this.list, toast].slice(-2);
    this.resume(id);
    return id;
  }

  dismiss(id: number): void {
    this.pause(id);
    this.list = this.list.filter((each) => each.id !== id);
  }

  /** Nothing disappears from under a pointer or the focus. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    const toast = this.list.find((each) => each.id === id);
    if (!toast) return;
    this.pause(id);
    this.#timers.set(id, setTimeout(() => this.dismiss(id), toast.undo ? 20_000 : 8_000));
  }

  /** Undoes the newest that can be undone. */
  undoLatest(): void {
    const toast = this.list.findLast((each) => each.undo);
    if (!toast) return;
    this.dismiss(toast.id);
    toast.undo?.run();
  }

  clear(): void {
    for (const { id } of [...this.list]) this.dismiss(id);
  }
}

export const toasts = new Toasts();
