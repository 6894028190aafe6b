import type { PlainKey } from '../words';

/**
 * The keys of the window. A screen registers its keys while it is shown; the newest wins, so that a dialog
 * or a screen can take a key over. `?` lists what holds now.
 */
export interface Shortcut {
  /** Such as `mod+k`, `?`, `escape`, `alt+s`. `mod` is Ctrl, or Command on a Mac. */
  keys: string;
  /** What it does, for the list of keys. */
  name: PlainKey;
  run: (event: KeyboardEvent) => void;
  /** Left out of the list of keys: another of its kind stands there for all. */
  unlisted?: boolean;
  /** Also while a dialog is open. */
  inDialog?: boolean;
}

interface Stroke {
  key: string;
  mod: boolean;
  alt: boolean;
  shift: boolean;
}

/** The keys as one comparable text: `mod+alt+shift+key`. */
export function readKeys(keys: string): string {
  const parts = keys.toLowerCase().split('+');
  // "mod++" is Ctrl and the plus key itself.
  const key = parts.at(-1) === '' ? '+' : (parts.at(-1) ?? '');
  return strokeText({
    key,
    mod: parts.includes('mod'),
    alt: parts.includes('alt'),
    shift: parts.includes('shift'),
  });
}

function strokeText({ key, mod, alt, shift }: Stroke): string {
  return `${mod ? 'mod+' : ''}${alt ? 'alt+' : ''}${shift ? 'shift+' : ''}${key}`;
}

export function readEvent(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const key = event.key.toLowerCase();
  // A sign such as "?" already says whether Shift was needed, and where differs between keyboards.
  const named = key.length > 1 || /[a-z0-9]/.test(key);
  return strokeText({ key, mod: event.ctrlKey || event.metaKey, alt: event.altKey, shift: event.shiftKey && named });
}

const typed = new Set(['email', 'number', 'password', 'search', 'tel', 'text', 'url', 'date']);

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return typed.has(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}

export class Shortcuts {
  #held: Shortcut[] = [];

  /** Registers keys; the answer takes them back. */
  add(...shortcuts: Shortcut[]): () => void {
    this.#held.push(...shortcuts);
    return () => {
      this.#held = this.#held.filter((each) => !shortcuts.includes(each));
    };
  }

  /** What holds now, newest first, each stroke once. */
  list(): Shortcut[] {
    const seen = new Set<string>();
    return this.#held.toReversed().filter(({ keys }) => {
      const stroke = readKeys(keys);
      return !seen.has(stroke) && seen.add(stroke);
    });
  }

  find(stroke: string, inDialog: boolean): Shortcut | undefined {
    return this.list().find((each) => readKeys(each.keys) === stroke && (!inDialog || each.inDialog === true));
  }

  handle(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    const stroke = readEvent(event);
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1;
    if (plain && isTyping(event.target)) return;
    // In a field with words in it, undo is the field's own.
    if (stroke === 'mod+z' && isTyping(event.target) && (event.target as HTMLInputElement).value) return;
    // Esc closes what floats before it leaves the page.
    if (stroke === 'escape' && document.querySelector(':popover-open')) return;
    const shortcut = this.find(stroke, document.querySelector('dialog[open]') !== null);
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run(event);
  }
}

export const shortcuts = new Shortcuts();

/** The caps to draw for some keys: `mod+k` is Ctrl, K. */
export function keyCaps(keys: string): string[] {
  const names: Record<string, string> = {
    mod: 'Ctrl', alt: 'Alt', shift: 'Shift', escape: 'Esc', enter: 'Enter',
    arrowup: '↑', arrowdown: '↓', ' ': 'Space',
  };
  return keys.split('+').map((part) => names[part.toLowerCase()] ?? part.toUpperCase());
}
