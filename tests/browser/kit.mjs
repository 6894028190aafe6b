// What the scripts share: a browser that is watched, and a long look at a screen.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// Playwright and axe are the window's own tools.
const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const { chromium } = require('playwright-core');
const { AxeBuilder } = require('@axe-core/playwright');

/** What the test told: addresses, ids, the password. */
export const scene = JSON.parse(process.env.PORCH_SCENE ?? '{}');
const complaints = [];
export const complain = (text) => complaints.push(text);

const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
const browser = await chromium.launch({
  executablePath: scene.chromium,
  args: [...root, '--disable-background-networking', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
});
mkdirSync(scene.shots, { recursive: true });

/** A page whose every request, message and violation is watched. */
export async function open({ touch = false } = {}) {
  const viewport = touch ? { width: 1024, height: 768 } : { width: 1280, height: 860 };
  const context = await browser.newContext({
    viewport, hasTouch: touch, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'Europe/London', permissions: ['camera'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  // The page's clock says what the desk's says, and goes on.
  await page.addInitScript((now) => {
    const Real = Date;
    const shift = Real.parse(now) - Real.now();
    globalThis.Date = class extends Real {
      constructor(...parts) {
        if (parts.length === 0) super(Real.now() + shift);
        else super(...parts);
      }
      static now() {
        return Real.now() + shift;
      }
    };
  }, scene.now);
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${scene.url}/`) && !url.startsWith('blob:')) complain(`a request left the window: ${url}`);
  });
  page.on('pageerror', (error) => complain(`an error in the page: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    // The bridge answers a refusal with 422, which the browser reports and the window shows.
    if (/\/call\//.test(message.location().url) && message.text().includes('422')) return;
    complain(`the console: ${message.text()}`);
  });
  await page.goto(scene.url);
  // Whoever is logged in starts at the desk: an address that is set before that is left again.
  await page.getByRole('heading', { name: /^(Who is here|Set up this computer)$/ }).waitFor();
  return page;
}

/** Goes to an address of the window. */
export async function go(page, hash) {
  await page.evaluate((to) => { window.location.hash = to; }, hash);
}

/** The focus is in a place, or comes there at once: what is done with an answer follows what is drawn of it. */
export async function focused(page, place, what) {
  for (let step = 0; step < 100; step += 1) {
    if (await place.evaluate((each) => each.contains(document.activeElement))) return;
    await page.waitForTimeout(50);
  }
  complain(`${what}: the focus is on ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 80))}`);
}

/** Goes on with Tab until something has the focus, as somebody without a mouse does. */
export async function tabTo(page, place, what) {
  for (let step = 0; step < 60; step += 1) {
    if (await place.evaluate((each) => each === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  complain(`${what} cannot be reached with the Tab key`);
}

const views = [
  { name: 'desk', scheme: 'light', density: 'desk', text: '100', width: 1280, height: 860 },
  { name: 'desk-dark', scheme: 'dark', density: 'desk', text: '100', width: 1280, height: 860 },
  { name: 'tablet', scheme: 'light', density: 'hall', text: '100', width: 1024, height: 768 },
  { name: 'tablet-dark', scheme: 'dark', density: 'hall', text: '100', width: 1024, height: 768 },
  { name: 'large', scheme: 'light', density: 'desk', text: '200', width: 1280, height: 860 },
];

/**
 * Looks at a screen in every view: axe finds nothing, nothing sticks out at the side. Takes its picture. Where something
 * floats above the page, axe looks at that part: what it covers has its own look.
 */
export async function look(page, name, part = null) {
  const before = page.viewportSize();
  const looks = await page.evaluate(() => ({ ...document.documentElement.dataset }));
  for (const view of views) {
    await page.setViewportSize({ width: view.width, height: view.height });
    await page.evaluate(({ scheme, density, text }) => {
      Object.assign(document.documentElement.dataset, { scheme, density, text });
    }, view);
    // Colours that are on their way from one scheme to the other are no colours yet.
    await page.evaluate(async () => {
      await document.fonts.ready;
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      await Promise.allSettled(document.getAnimations().map((each) => each.finished));
    });
    const axe = new AxeBuilder({ page });
    if (part !== null) axe.include(part);
    const { violations } = await axe.analyze();
    for (const violation of violations) {
      const nodes = violation.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`);
      complain(`${name} (${view.name}): axe: ${violation.id}: ${nodes.join(' | ')}`);
    }
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      const out = [...document.body.querySelectorAll('*')].find((each) => each.getBoundingClientRect().right > clientWidth + 1);
      return scrollWidth > clientWidth + 1 ? `${scrollWidth} > ${clientWidth}, first ${out?.tagName}.${out?.className}` : null;
    });
    if (wide) complain(`${name} (${view.name}): sticks out at the side: ${wide}`);
    await page.screenshot({ path: join(scene.shots, `${name}-${view.name}.png`) });
  }
  await page.setViewportSize(before);
  await page.evaluate((before) => { Object.assign(document.documentElement.dataset, before); }, looks);
}

/** Nothing about a person stays with the browser. */
export async function nothingKept(page) {
  const kept = await page.evaluate(async () => ({
    local: Object.keys(localStorage).filter((key) => !/^look-(density|scheme|text)$/.test(key)),
    session: Object.keys(sessionStorage),
    cookie: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker?.getRegistrations())?.length ?? 0,
    title: document.title,
  }));
  const expected = { local: [], session: [], cookie: '', databases: 0, caches: 0, workers: 0, title: 'Porch' };
  if (JSON.stringify(kept) !== JSON.stringify(expected)) complain(`the browser keeps: ${JSON.stringify(kept)}`);
}

/** From now on the core seems to refuse a command, until the page's way is free again. */
export async function refuse(page, command, code) {
  const refusal = { code, field: null, problems: [], retry_after_s: null };
  await page.route(`**/call/${command}`, (route) => route.fulfill({ status: 422, contentType: 'application/json', body: JSON.stringify(refusal) }));
}

/** Staff settle who decides, and the window is locked to the parent's pages. */
export async function handOver(page, family) {
  await go(page, `#/handover/${family}`);
  await page.getByRole('radio', { name: 'Mother' }).first().check();
  await page.getByRole('radio', { name: 'I have seen the paper' }).first().check();
  const same = page.getByRole('button', { name: 'The same for the other children' });
  if (await same.count()) await same.click();
  await page.getByRole('button', { name: 'Hand over to' }).click();
  await page.getByRole('heading', { name: 'It is your choice' }).waitFor();
}

/** Draws a name by touch, as a finger does; the page says so in the parent's language. */
export async function signByTouch(page, said = 'Signature drawn.') {
  const canvas = page.locator('canvas');
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  const client = await page.context().newCDPSession(page);
  const at = (step, stroke) => [{ x: box.x + box.width * (0.12 + stroke + step * 0.02), y: box.y + box.height * (0.5 + Math.sin(step * 0.9) * 0.22) }];
  // At a finger's pace, and it rests before it is lifted: a flick would make the browser swallow the next tap.
  const touch = async (type, touchPoints) => {
    await client.send('Input.dispatchTouchEvent', { type, touchPoints });
    await page.waitForTimeout(12);
  };
  for (const stroke of [0, 0.34]) {
    await touch('touchStart', at(0, stroke));
    for (let step = 1; step < 22; step += 1) await touch('touchMove', at(Math.min(step, 14), stroke));
    await touch('touchEnd', []);
  }
  await page.getByText(said).waitFor();
}

/** Logs out, and somebody else in. */
export async function logIn(page, name) {
  await page.getByRole('button', { name: /^Your login/ }).click();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByRole('button', { name }).click();
  await page.getByLabel('Password', { exact: true }).fill(scene.password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { name: 'Who is here' }).waitFor();
}

/** Takes the tablet back. */
export async function takeBack(page) {
  await page.getByRole('button', { name: 'I am a member of staff' }).click();
  await page.getByLabel('Password', { exact: true }).fill(scene.password);
  await page.getByRole('button', { name: 'Open Porch' }).click();
  await page.getByRole('heading', { name: 'Permissions' }).waitFor();
}

/** Runs a script's steps, closes the browser and says what was wrong. */
export async function run(steps) {
  try {
    await steps();
  } catch (error) {
    complain(`could not go on: ${error.message}`);
    for (const context of browser.contexts()) {
      for (const page of context.pages()) {
        await page.screenshot({ path: join(scene.shots, 'failed.png') }).catch(() => {});
        complain(`on the screen: ${(await page.locator('body').innerText().catch(() => '')).slice(0, 2000)}`);
      }
    }
  }
  await browser.close();
  for (const complaint of complaints) console.error(complaint);
  process.exitCode = complaints.length > 0 ? 1 : 0;
}
