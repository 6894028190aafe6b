import { FluentBundle, FluentResource } from '@fluent/bundle';
import type { Messages } from './keys';
import { spoken } from './spoken.svelte';

export { spoken };

export type Key = keyof Messages;
/** Messages that take no arguments. */
export type PlainKey = { [K in Key]: Messages[K] extends null ? K : never }[Key];
type Rest<K extends Key> = Messages[K] extends null ? [] : [args: Messages[K]];

// English is complete; other languages have what a parent sees.
const files = import.meta.glob<string>('./*/*.ftl', { query: '?raw', import: 'default', eager: true });

// Names are isolated in the markup with <bdi>, so the messages carry no isolation marks of their own.
const bundles = new Map<string, FluentBundle>();
for (const [path, text] of Object.entries(files)) {
  const language = path.split('/')[1] ?? '';
  const bundle = bundles.get(language) ?? new FluentBundle(language === 'en' ? 'en-GB' : language, { useIsolating: false });
  bundle.addResource(new FluentResource(text));
  bundles.set(language, bundle);
}

function format(key: string, args: Record<string, string | number> | null): string | null {
  for (const language of [spoken.language, 'en']) {
    const bundle = bundles.get(language);
    const message = bundle?.getMessage(key);
    if (bundle && message?.value) return bundle.formatPattern(message.value, args, []);
  }
  return null;
}

/** The words for a key, in the language of the window. */
export function t<K extends Key>(key: K, ...rest: Rest<K>): string {
  return format(key, (rest[0] as Record<string, string | number> | undefined) ?? null) ?? key;
}

/**
 * The words for a code that comes from the core (`refusal`, `problem`, `mark`, ...). A code with no words
 * of its own gets those of `<family>-other`, which always exists.
 */
export function say(family: string, code: string, args: Record<string, string | number> = {}): string {
  const dashed = code.replace(/_/g, '-').replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  return format(`${family}-${dashed}`, args) ?? format(`${family}-other`, args) ?? dashed.replace(/-/g, ' ');
}

/** True when a code of this family has words of its own. */
export function says(family: string, code: string): boolean {
  return bundles.get('en')?.hasMessage(`${family}-${code.replace(/_/g, '-')}`) ?? false;
}
