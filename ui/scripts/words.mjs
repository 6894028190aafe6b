// Writes src/words/keys.ts: every message of the English Fluent files with the arguments it takes,
// so that a wrong key or a missing argument does not compile.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FluentResource } from '@fluent/bundle';

const words = join(dirname(fileURLToPath(import.meta.url)), '../src/words');

/** Collects the names of the variables that a parsed pattern uses. */
function variables(node, found) {
  if (Array.isArray(node)) node.forEach((each) => variables(each, found));
  else if (node && typeof node === 'object') {
    if (node.type === 'var') found.add(node.name);
    Object.values(node).forEach((each) => variables(each, found));
  }
  return found;
}

export function render(folder = words) {
  const seen = new Map();
  const twice = [];
  for (const file of readdirSync(join(folder, 'en')).sort()) {
    if (!file.endsWith('.ftl')) continue;
    for (const entry of new FluentResource(readFileSync(join(folder, 'en', file), 'utf8')).body) {
      if (entry.id.startsWith('-')) continue;
      if (seen.has(entry.id)) twice.push(`${entry.id} (${file})`);
      seen.set(entry.id, [...variables(entry.value, new Set())].sort());
    }
  }
  if (twice.length) throw new Error(`said twice: ${twice.join(', ')}`);
  const lines = [...seen.keys()].sort().map((id) => {
    const names = seen.get(id);
    const type = names.length ? `{ ${names.map((name) => `${name}: Value`).join('; ')} }` : 'null';
    return `  '${id}': ${type};`;
  });
  return [
    '// Made by scripts/words.mjs from the files in en/. Run `npm run words` after changing them.',
    'export type Value = string | number;',
    'export interface Messages {',
    ...lines,
    '}',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(words, 'keys.ts'), render());
}
