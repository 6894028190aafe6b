// Photographs the gallery (`npm run gallery` first) in both schemes, at the desk and in the hall, and lets axe
// look at it. Pictures go to the folder named, ../target/gallery unless told. Ends with an error when axe finds anything.
import { createServer } from 'node:http';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilder from '@axe-core/playwright';
import { chromium } from 'playwright-core';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const pictures = resolve(process.argv[2] ?? join(ui, '../target/gallery'));
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.woff2': 'font/woff2', '.svg': 'image/svg+xml' };
// As strict as the window's own.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; connect-src 'self'";

const server = createServer((request, response) => {
  const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname).replace(/^(\.\.[/\\])+/, '');
  try {
    const body = readFileSync(join(ui, 'dist-gallery', path));
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream', 'content-security-policy': policy });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
mkdirSync(pictures, { recursive: true });

const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({
  executablePath: process.env.PORCH_CHROMIUM ?? '/usr/bin/chromium',
  args: [...root, '--disable-background-networking'],
});
let found = 0;
for (const colorScheme of ['light', 'dark']) {
  for (const [density, width] of [['desk', 1366], ['hall', 1024]]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 768 }, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      found += 1;
      console.error(`${colorScheme} ${density}: ${message.text()}`);
    });
    await page.addInitScript((value) => localStorage.setItem('look-density', value), density);
    await page.goto(`http://127.0.0.1:${server.address().port}/gallery.html`);
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.evaluate(() => document.fonts.ready);
    const { violations } = await new AxeBuilder({ page }).analyze();
    for (const violation of violations) {
      found += 1;
      console.error(`${colorScheme} ${density}: ${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`);
    }
    await page.screenshot({ path: join(pictures, `gallery-${density}-${colorScheme}.png`), fullPage: true });
    await context.close();
  }
}
await browser.close();
server.close();
console.log(found === 0 ? `Gallery photographed; axe found nothing. ${pictures}` : `axe or the console found ${found}`);
process.exitCode = found === 0 ? 0 : 1;
