import { expect, test, vi } from 'vitest';
import { keyCaps, readEvent, readKeys, Shortcuts, type Shortcut } from './keys';

const press = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {}) =>
  readEvent({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test('a stroke and its description meet', () => {
  expect(press('k', { ctrlKey: true })).toBe(readKeys('mod+k'));
  expect(press('K', { metaKey: true })).toBe(readKeys('Mod+K'));
  expect(press('Escape')).toBe(readKeys('escape'));
  expect(press('n', { altKey: true })).not.toBe(readKeys('mod+n'));
});

test('a sign is the same wherever a keyboard puts it', () => {
  expect(press('?', { shiftKey: true })).toBe(readKeys('?'));
  expect(press('?')).toBe(readKeys('?'));
  expect(press('P', { ctrlKey: true, shiftKey: true })).toBe(readKeys('mod+shift+p'));
});

const shortcut = (keys: string, more: Partial<Shortcut> = {}): Shortcut => ({ keys, name: 'keys-search', run: vi.fn(), ...more });

test('the newest holder of a key has it, and gives it back', () => {
  const keys = new Shortcuts();
  const old = shortcut('escape');
  const fresh = shortcut('Escape');
  keys.add(old);
  const giveBack = keys.add(fresh);
  expect(keys.find('escape', false)).toBe(fresh);
  expect(keys.list()).toHaveLength(1);
  giveBack();
  expect(keys.find('escape', false)).toBe(old);
});

test('behind a dialog only the keys for dialogs work', () => {
  const keys = new Shortcuts();
  const lock = shortcut('mod+l', { inDialog: true });
  keys.add(shortcut('mod+k'), lock);
  expect(keys.find('mod+k', true)).toBeUndefined();
  expect(keys.find('mod+l', true)).toBe(lock);
});

test('caps read as on the keyboard', () => {
  expect(keyCaps('mod+k')).toEqual(['Ctrl', 'K']);
  expect(keyCaps('?')).toEqual(['?']);
});
