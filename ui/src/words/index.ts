import { FluentBundle, FluentResource } from '@fluent/bundle';
import type { Messages } from './keys';

export type Key = keyof Messages;
/** Messages that take no arguments. */
export type PlainKey = { [K in Key]: Messages[K] extends null ? K : never }[Key];
type Rest<K extends Key> = Messages[K] extends null ? [] : [args: Messages[K]];

const files = import.meta.glob<string>('./en/*.ftl', { query: '?raw', import: 'default', eager: true });

// Names are isolated in the markup with <bdi>, so the messages carry no isolation marks of their own.
const bundle = new FluentBundle('en-GB', { useIsolating: false });
for (const text of Object.values(files)) bundle.addResource(new FluentResource(text));

function format(key: string, args: Record<string, string | number> | null): string | null {
  const message = bundle.getMessage(key);
  if (!message?.value) return null;
  return bundle.formatPattern(message.value, args, []);
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
  return bundle.hasMessage(`${family}-${code.replace(/_/g, '-')}`);
}
